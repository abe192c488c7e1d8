package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records that only their compression makes small. */
class CompressedRecordsIT {

  private static final ProgressMonitor UNMONITORED = ProgressMonitor.unmonitored();
  private static final int LENGTH = 70 * 1024 * 1024;

  private final KafkaFixture fixture = new KafkaFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void recordThatIsLargerThanARequestBeforeItIsCompressedMoves() throws Exception {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    byte[] value = new byte[LENGTH];
    Arrays.fill(value, (byte) 'x');
    ProducerRecord<byte[], byte[]> large =
        new ProducerRecord<>(fixture.from, 0, null, TestCluster.bytes("k"), value);
    large.headers().add("tenant-id", TestCluster.bytes(KafkaFixture.TENANT));
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                fixture.shared.bootstrapServers(),
                "compression.type",
                "zstd",
                "max.request.size",
                2 * LENGTH,
                "buffer.memory",
                2L * LENGTH,
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class))) {
      producer.send(large).get();
    }
    MigrationContext context = fixture.context();
    assertThat(fixture.migration.plan(context, UNMONITORED).refusals()).isEmpty();
    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);

    var unused = fixture.migration.replay(context, UNMONITORED);
    fixture.migration.finalizeTopics(context, UNMONITORED);

    assertThat(fixture.dedicated.read(fixture.to, 0))
        .singleElement()
        .satisfies(copy -> assertThat(Arrays.equals(copy.value(), value)).isTrue());
  }
}
