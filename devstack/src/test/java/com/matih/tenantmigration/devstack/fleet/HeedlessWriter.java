package com.matih.tenantmigration.devstack.fleet;

import com.matih.tenantmigration.devstack.clusters.PlainKafka;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.devstack.sample.SampleTopic;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A service that goes on writing a tenant's records though the tenant is read-only: what a
 * migration can't fence, and must find.
 */
final class HeedlessWriter implements AutoCloseable {

  private static final int PAUSE_MILLIS = 500;

  private final Producer<byte[], byte[]> producer;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  HeedlessWriter(String bootstrap, SampleTenant tenant) {
    producer = PlainKafka.producer(bootstrap);
    var unused =
        clock.scheduleWithFixedDelay(() -> write(tenant), 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void write(SampleTenant tenant) {
    var unused = producer.send(record(tenant));
  }

  private static ProducerRecord<byte[], byte[]> record(SampleTenant tenant) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            SampleTopic.QUERY_EVENTS.sharedName(),
            0,
            utf8("heedless"),
            utf8("written all the same"));
    record.headers().add("tenant-id", utf8(tenant.key()));
    return record;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    producer.close(PlainKafka.PATIENCE);
  }
}
