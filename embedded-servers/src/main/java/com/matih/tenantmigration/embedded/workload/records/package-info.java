/**
 * A workload that writes to Kafka as real services do, and a judge that looks afterwards for what
 * was acknowledged. Neither shares code with the migration.
 */
@NullMarked
package com.matih.tenantmigration.embedded.workload.records;

import org.jspecify.annotations.NullMarked;
