/** Kafka: the tenant's records and its groups' positions. */
@NullMarked
package com.matih.tenantmigration.activities.kafka;

import org.jspecify.annotations.NullMarked;
