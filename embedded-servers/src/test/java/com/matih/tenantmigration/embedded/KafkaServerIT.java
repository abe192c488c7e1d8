package com.matih.tenantmigration.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.embedded.testing.TestServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class KafkaServerIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KafkaServer server = TestServers.kafka();

  @Test
  void whatACommittedTransactionWroteIsReadAndAnAbortedOneIsNot() throws Exception {
    create(new NewTopic("transactions", 1, (short) 1));
    try (KafkaProducer<String, String> producer = producer(Map.of("transactional.id", "it"))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("transactions", "k", "aborted")).get();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("transactions", "k", "committed")).get();
      producer.commitTransaction();
    }

    assertThat(values("transactions")).containsExactly("committed");
  }

  @Test
  void compactionLeavesTheLastValueOfAKey() throws Exception {
    create(
        new NewTopic("compacted", 1, (short) 1)
            .configs(
                Map.of(
                    "cleanup.policy", "compact",
                    "segment.bytes", "1048576",
                    "segment.ms", "500",
                    "max.compaction.lag.ms", "1000",
                    "min.cleanable.dirty.ratio", "0.01")));
    try (KafkaProducer<String, String> producer = producer(Map.of())) {
      for (String value : List.of("first", "second", "third")) {
        producer.send(new ProducerRecord<>("compacted", "key", value)).get();
      }
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                // the active segment is never compacted; a later record closes it
                producer.send(new ProducerRecord<>("compacted", "other", "x")).get();
                return !values("compacted").contains("first");
              });
    }

    assertThat(values("compacted")).contains("third").doesNotContain("second");
  }

  private void create(NewTopic topic) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
      admin.createTopics(List.of(topic)).all().get();
    }
  }

  private KafkaProducer<String, String> producer(Map<String, Object> properties) {
    Map<String, Object> all = new HashMap<>(properties);
    all.put("bootstrap.servers", server.bootstrapServers());
    return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
  }

  private List<String> values(String topic) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                server.bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }
}
