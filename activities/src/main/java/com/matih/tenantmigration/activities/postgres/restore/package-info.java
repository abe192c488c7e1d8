/** A sealed snapshot, loaded into an empty database. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.restore;

import org.jspecify.annotations.NullMarked;
