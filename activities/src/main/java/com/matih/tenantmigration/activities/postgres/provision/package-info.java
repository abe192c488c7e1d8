/** The dedicated database: created or taken over, opened for writes, removed in a rollback. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.provision;

import org.jspecify.annotations.NullMarked;
