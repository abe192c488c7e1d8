/** The plan: what is looked at in both clusters before anything changes. */
@NullMarked
package com.matih.tenantmigration.activities.elasticsearch.plan;

import org.jspecify.annotations.NullMarked;
