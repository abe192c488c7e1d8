package com.matih.tenantmigration.devstack.faults;

import com.matih.tenantmigration.devstack.clusters.PlainKafka;
import com.matih.tenantmigration.devstack.clusters.StoreException;
import com.matih.tenantmigration.devstack.sample.SampleTopic;
import com.matih.tenantmigration.devstack.services.Traffic;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Faults in the tenant's records, on either side. */
final class RecordFaults {

  private RecordFaults() {}

  /** One record more on the dedicated topic than was replayed. */
  static void addARecord(Scene scene) {
    write(
        scene,
        scene.sides().dedicated().kafkaBootstrap(),
        SampleTopic.QUERY_EVENTS.dedicatedName(scene.tenant()));
  }

  /** A service that has not heard of the fence. */
  static void writeOnTheSharedSide(Scene scene) {
    write(scene, scene.sides().shared().kafkaBootstrap(), SampleTopic.QUERY_EVENTS.sharedName());
  }

  private static void write(Scene scene, String bootstrap, String topic) {
    byte[] text = (Traffic.NAME + "planted").getBytes(StandardCharsets.UTF_8);
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, text, text);
    record.headers().add("tenant-id", scene.tenant().key().getBytes(StandardCharsets.UTF_8));
    try (Producer<byte[], byte[]> producer = PlainKafka.producer(bootstrap)) {
      producer.send(record).get(PlainKafka.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new StoreException("the fault's record was not written", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while the fault's record is written", e);
    }
  }
}
