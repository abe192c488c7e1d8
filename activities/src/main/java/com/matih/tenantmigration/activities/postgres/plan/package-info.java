/** The plan: what is looked at in both databases before anything changes. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.plan;

import org.jspecify.annotations.NullMarked;
