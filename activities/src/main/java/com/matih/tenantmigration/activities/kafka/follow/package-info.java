/** The records that arrive while the tenant works: followed, and drained when it has stopped. */
@NullMarked
package com.matih.tenantmigration.activities.kafka.follow;

import org.jspecify.annotations.NullMarked;
