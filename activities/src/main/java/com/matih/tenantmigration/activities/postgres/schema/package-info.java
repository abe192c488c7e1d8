/** The schema on the target: tables before the copy; indexes, constraints and views after it. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.schema;

import org.jspecify.annotations.NullMarked;
