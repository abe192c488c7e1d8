package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.compare.RecordComparison;
import com.matih.tenantmigration.activities.testing.ThrottledWork;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.activity.Following;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two partitions with 3 MB each, half of it a neighbour's, under a throttle. */
class ThrottledRecordsIT {

  private static final ProgressMonitor UNMONITORED = ProgressMonitor.unmonitored();
  private static final int RECORDS = 600;
  private static final int BYTES = 10_000;

  private final KafkaFixture fixture = new KafkaFixture();

  @BeforeEach
  void fill() {
    fixture.shared.createTopic(fixture.from, 2, Map.of());
    send();
  }

  private void send() {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      ProducerRecord<byte[], byte[]> each =
          new ProducerRecord<>(fixture.from, i % 2, null, new byte[BYTES]);
      each.headers()
          .add("tenant-id", TestCluster.bytes(i % 4 < 2 ? KafkaFixture.TENANT : "globex"));
      records.add(each);
    }
    fixture.shared.send(records);
  }

  private void prepare() {
    fixture.migration.provision(fixture.context(), UNMONITORED);
    fixture.migration.readPositions(fixture.context(), UNMONITORED);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private ThrottledWork begin(long bytesPerSecond, Reading work) {
    MigrationContext context = ThrottledWork.bounded(fixture.context(), bytesPerSecond);
    return ThrottledWork.begin(
        fixture.journal, context, StoreName.KAFKA, monitor -> work.read(context, monitor));
  }

  private interface Reading {
    void read(MigrationContext context, ProgressMonitor monitor);
  }

  @Test
  void aReplayAndItsCheckKeepToTheBound() throws Exception {
    prepare();
    Duration replayed =
        begin(
                1_000_000,
                (context, monitor) -> {
                  var unused = fixture.migration.replay(context, monitor);
                })
            .await();
    RecordComparison comparison = new RecordComparison(fixture.secrets, fixture.journal);
    Duration compared =
        begin(
                1_000_000,
                (context, monitor) ->
                    assertThat(comparison.compare(context, monitor).comparedCount())
                        .isEqualTo(RECORDS / 2))
            .await();

    assertThat(replayed).isGreaterThan(Duration.ofSeconds(3));
    assertThat(compared).isGreaterThan(Duration.ofSeconds(3));
  }

  @Test
  void recordsThatAreFollowedKeepToTheBound() throws Exception {
    OnlineRecords online = new OnlineRecords(fixture, fixture.context());
    var unused = online.copy();
    send();

    Duration followed =
        ThrottledWork.begin(
                fixture.journal,
                ThrottledWork.bounded(online.context.whileTenantWorks(), 1_000_000L),
                StoreName.KAFKA,
                monitor -> online.follow(Following.UNTIL_CAUGHT_UP, monitor))
            .await();

    assertThat(followed).isGreaterThan(Duration.ofSeconds(3));
    assertThat(online.verify().comparedCount()).isEqualTo(RECORDS);
  }

  @Test
  void aReplayThatWouldTakeHoursEndsSoonWhenTheBoundIsLifted() throws Exception {
    prepare();
    ThrottledWork replay =
        begin(
            100,
            (context, monitor) ->
                assertThat(fixture.migration.replay(context, monitor).kafka().topics())
                    .singleElement()
                    .satisfies(topic -> assertThat(topic.records()).isEqualTo(RECORDS / 2)));
    Thread.sleep(3_000);
    assertThat(replay.isDone()).isFalse();

    replay.change(null);

    assertThat(replay.await()).isLessThan(Duration.ofSeconds(12));
  }
}
