/** The plan: what is looked at in both clusters before anything changes. */
@NullMarked
package com.matih.tenantmigration.activities.kafka.plan;

import org.jspecify.annotations.NullMarked;
