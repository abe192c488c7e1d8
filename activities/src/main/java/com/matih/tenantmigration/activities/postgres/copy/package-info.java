/** The copy of rows: ranges of tables, read once for the dedicated database and the snapshot. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.copy;

import org.jspecify.annotations.NullMarked;
