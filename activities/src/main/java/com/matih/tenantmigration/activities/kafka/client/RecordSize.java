package com.matih.tenantmigration.activities.kafka.client;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** How many bytes a record is counted with: those of its key and its value. */
public final class RecordSize {

  private RecordSize() {}

  public static long of(ConsumerRecord<byte[], byte[]> each) {
    return Math.max(0, each.serializedKeySize()) + (long) Math.max(0, each.serializedValueSize());
  }
}
