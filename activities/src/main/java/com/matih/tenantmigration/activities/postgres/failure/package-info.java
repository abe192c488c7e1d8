/** What PostgreSQL and its client programs say when they fail, and whether it may pass. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.failure;

import org.jspecify.annotations.NullMarked;
