package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.BatchCodecs;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that are compressed in the shared topic, and some that only that makes small. */
class CompressedRecordsIT {

  private static final ProgressMonitor UNMONITORED = ProgressMonitor.unmonitored();
  private static final int LARGEST = 70 * 1024 * 1024;

  private final KafkaFixture fixture = new KafkaFixture();
  private final MigrationContext context = fixture.context();

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void copiesAreCompressedAsWhoeverReadsTheSharedTopicCanReadIt(String codec) throws Exception {
    fixture.shared.createTopic(fixture.from, 2, Map.of());
    OnlineRecords online = new OnlineRecords(fixture, context);
    send(codec, TestCluster.bytes("x".repeat(1_000)));
    online.copy();

    assertThat(codecOfCopies()).isEqualTo(codec);

    send(codec, TestCluster.bytes("y".repeat(1_000)));
    var unused = online.drain();
    assertThat(fixture.dedicated.read(fixture.to, 0)).hasSize(2);
    assertThat(codecOfCopies()).isEqualTo(codec);
  }

  private String codecOfCopies() {
    try (KafkaCluster target = fixture.target(context)) {
      return BatchCodecs.of(target, fixture.to);
    }
  }

  @Test
  void recordThatIsLargerThanARequestBeforeItIsCompressedMoves() throws Exception {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    byte[] value = new byte[LARGEST];
    Arrays.fill(value, (byte) 'x');
    send("zstd", value);

    assertMoves(value);
  }

  @Test
  void recordThatOnlyTheSharedTopicsCodecMakesSmallEnoughMoves() throws Exception {
    Map<String, String> settings =
        Map.of("segment.bytes", "1048576", "max.message.bytes", "1048576");
    fixture.shared.createTopic(fixture.from, 1, settings);
    fixture.dedicated.createTopic(fixture.to, 1, settings);
    byte[] value = new byte[1_600_000];
    Random random = new Random(1);
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) "0123456789abcdef".charAt(random.nextInt(16));
    }
    send("gzip", value);

    assertMoves(value);
    assertThat(codecOfCopies()).isEqualTo("gzip");
  }

  private void send(String codec, byte[] value) throws Exception {
    ProducerRecord<byte[], byte[]> sent =
        new ProducerRecord<>(fixture.from, 0, null, TestCluster.bytes("k"), value);
    sent.headers().add("tenant-id", TestCluster.bytes(KafkaFixture.TENANT));
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", fixture.shared.bootstrapServers());
    settings.put("compression.type", codec);
    settings.put("max.request.size", 2 * LARGEST);
    settings.put("buffer.memory", 2L * LARGEST);
    settings.put("key.serializer", ByteArraySerializer.class);
    settings.put("value.serializer", ByteArraySerializer.class);
    try (Producer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
      producer.send(sent).get();
    }
  }

  private void assertMoves(byte[] value) {
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
