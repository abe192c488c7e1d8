package com.matih.tenantmigration.devstack.sample;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * One record of a tenant.
 *
 * @param number from 0 on, in the order of time
 * @param of how many records the tenant has in the topic
 */
record SampleRecord(SampleTopic topic, SampleTenant tenant, int number, int of) {

  private static final Duration SPAN = Duration.ofDays(5);
  private static final int KEYS = 200;
  private static final int EVERY_TOMBSTONE = 40;

  ProducerRecord<byte[], byte[]> produce(SampleSeed seed) {
    SplittableRandom random = seed.random(tenant, topic.name(), number);
    int keyNumber = random.nextInt(KEYS);
    String key = key(keyNumber);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic.sharedName(),
            Math.floorMod(key.hashCode(), topic.partitions()),
            seed.until().minus(SPAN).toEpochMilli() + SPAN.toMillis() * number / of,
            bytes(key),
            isTombstone() ? null : bytes(value(random)));
    if (topic == SampleTopic.QUERY_EVENTS) {
      record.headers().add("tenant-id", bytes(tenant.key()));
      record.headers().add("trace", bytes(Long.toHexString(random.nextLong())));
      if (number % 50 == 0) {
        record.headers().add("trace", new byte[] {0, (byte) 0xff}).add("empty", null);
      }
    }
    return record;
  }

  private String key(int keyNumber) {
    return switch (topic) {
      case QUERY_EVENTS -> "query-" + keyNumber;
      case AUDIT_LOG -> tenant.id() + ":user-" + keyNumber;
      case USAGE -> "meter-" + keyNumber;
    };
  }

  /** A record of {@code usage} says in its value whose it is, so it always has one. */
  private boolean isTombstone() {
    return topic != SampleTopic.USAGE && number % EVERY_TOMBSTONE == EVERY_TOMBSTONE - 1;
  }

  private String value(SplittableRandom random) {
    return switch (topic) {
      case QUERY_EVENTS ->
          "{\"event\":\"finished\",\"n\":%d,\"millis\":%d,\"text\":\"%016x%016x grün\"}"
              .formatted(number, random.nextInt(90_000), random.nextLong(), random.nextLong());
      case AUDIT_LOG ->
          "{\"action\":\"opened dashboard %d\",\"n\":%d}"
              .formatted(tenant.rowId(1 + random.nextInt(20)), number);
      case USAGE ->
          "{\"tenantId\":\"%s\",\"n\":%d,\"bytesScanned\":%d}"
              .formatted(tenant.key(), number, random.nextInt(1 << 30));
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
