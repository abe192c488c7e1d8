package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.embedded.testing.TestServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The smallest migration there is: one topic, in which two of three records are the tenant's.
 *
 * @param folder where request files and snapshots go
 */
record OneTopic(String tenant, Path folder) {

  /** Creates the shared topic and writes the records. */
  void produce() throws ExecutionException, InterruptedException {
    Map<String, Object> cluster =
        Map.of("bootstrap.servers", TestServers.kafka().bootstrapServers());
    String topic = tenant + "-shared";
    try (Admin admin = Admin.create(cluster)) {
      admin.createTopics(Set.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
    for (String owner : List.of(tenant, "another", tenant)) {
      send(owner, "value");
    }
  }

  /** Writes one more record of the tenant's. */
  void send(String value) throws ExecutionException, InterruptedException {
    send(tenant, value);
  }

  private void send(String owner, String value) throws ExecutionException, InterruptedException {
    Map<String, Object> cluster =
        Map.of("bootstrap.servers", TestServers.kafka().bootstrapServers());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(cluster, new StringSerializer(), new StringSerializer())) {
      ProducerRecord<String, String> record =
          new ProducerRecord<>(tenant + "-shared", "key", value);
      record.headers().add("tenant-id", owner.getBytes(StandardCharsets.UTF_8));
      producer.send(record).get();
    }
  }

  /**
   * Writes a request.
   *
   * @param approval {@code required} or {@code automatic}
   */
  Path request(String approval) throws IOException {
    return Files.writeString(
        folder.resolve(tenant + "-" + approval + ".yaml"),
        """
        tenant: %s
        mode: offline
        tier: {from: STARTER, to: ENTERPRISE}
        approval: %s
        settle: 0s
        snapshot: {location: "file:%s"}
        kafka:
          source: {bootstrapServers: "%s"}
          target: {bootstrapServers: "%s"}
          topics: [{from: %s-shared, to: %s-own, tenant: {header: tenant-id}}]
        """
            .formatted(
                tenant,
                approval,
                folder,
                TestServers.kafka().bootstrapServers(),
                TestServers.dedicatedKafka().bootstrapServers(),
                tenant,
                tenant));
  }
}
