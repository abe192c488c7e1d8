/** The checks on rows: both sides read again and compared. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.compare;

import org.jspecify.annotations.NullMarked;
