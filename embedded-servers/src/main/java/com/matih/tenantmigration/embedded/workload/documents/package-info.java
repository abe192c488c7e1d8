/**
 * A workload that writes documents to a shared index as real applications do, and a judge that
 * compares afterwards. Neither shares code with the migration.
 */
@NullMarked
package com.matih.tenantmigration.embedded.workload.documents;

import org.jspecify.annotations.NullMarked;
