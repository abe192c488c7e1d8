/** A Kafka cluster: its clients, topics, groups and records, and what fails in it. */
@NullMarked
package com.matih.tenantmigration.activities.kafka.client;

import org.jspecify.annotations.NullMarked;
