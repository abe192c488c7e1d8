/** The plan: what is looked at in both buckets before anything changes. */
@NullMarked
package com.matih.tenantmigration.activities.objectstorage.plan;

import org.jspecify.annotations.NullMarked;
