/** The dedicated indices: created, finished after the load, removed in a rollback. */
@NullMarked
package com.matih.tenantmigration.activities.elasticsearch.provision;

import org.jspecify.annotations.NullMarked;
