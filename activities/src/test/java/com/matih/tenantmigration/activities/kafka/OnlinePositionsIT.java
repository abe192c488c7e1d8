package com.matih.tenantmigration.activities.kafka;

import static com.matih.tenantmigration.activities.kafka.TestCluster.record;
import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Groups whose records moved long before their positions were known. */
class OnlinePositionsIT {

  private static final int RECORDS = 150_000;

  private final KafkaFixture fixture = new KafkaFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private void commit(String group, long offset) {
    fixture.shared.commit(fixture.sharedGroup(group), fixture.from, 0, offset);
  }

  private String next(String group) {
    long position =
        fixture.dedicated.position(fixture.dedicatedGroup(group), fixture.to, 0).orElseThrow();
    return value(
        fixture.dedicated.read(fixture.to, 0).stream()
            .filter(each -> each.offset() >= position)
            .findFirst()
            .orElse(null));
  }

  private static String value(ConsumerRecord<byte[], byte[]> each) {
    if (each == null) {
      return "the end";
    }
    return each.value() == null ? "no value" : new String(each.value(), StandardCharsets.UTF_8);
  }

  private static void assertPassed(Drained drained) {
    assertThat(drained.checks()).extracting(CheckResult::mismatches).containsOnly(List.of());
  }

  @Test
  void groupsStandBeforeTheSameRecordWhereverTheyWere() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.sendMixed(fixture.from, 1, RECORDS);
    OnlineRecords online =
        new OnlineRecords(
            fixture, fixture.context("gone", "far", "between", "near", "end", "moved", "none"));
    online.copy();
    commit("far", 40_000);
    commit("moved", 30_001);
    online.catchUp();
    assertThat(online.verify().namedMismatches()).isEmpty();
    fixture.shared.sendMixed(fixture.from, 1, 100);
    fixture.shared.deleteRecordsBefore(fixture.from, 0, 35_000);
    commit("gone", 20);
    commit("between", 100_000);
    commit("near", RECORDS + 1);
    commit("end", fixture.shared.end(fixture.from, 0));
    commit("moved", 77_777);

    Drained drained = online.drain();

    assertThat(next("gone")).isEqualTo("value 35001");
    assertThat(next("far")).isEqualTo("value 40002");
    assertThat(next("between")).isEqualTo("value 100002");
    assertThat(next("near")).isEqualTo("value 3");
    assertThat(next("end")).isEqualTo("the end");
    assertThat(next("moved")).isEqualTo("value 77778");
    assertThat(fixture.dedicated.position(fixture.dedicatedGroup("none"), fixture.to, 0)).isEmpty();
    assertPassed(drained);
  }

  @Test
  void groupsOfACompactedTopicGoOnWithTheSameRecord() {
    fixture.shared.createTopic(
        fixture.from,
        1,
        Map.of(
            "cleanup.policy", "compact",
            "segment.ms", "200",
            "min.cleanable.dirty.ratio", "0.001",
            "delete.retention.ms", "0"));
    send(0, 1_000);
    OnlineRecords online = new OnlineRecords(fixture, fixture.context("early", "late"));
    online.copy();
    send(1_000, 1_000);
    online.catchUp();
    int before = fixture.shared.read(fixture.from, 0).size();
    send(2_000, 500);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> fixture.shared.read(fixture.from, 0).size() < before);
    commit("early", 300);
    commit("late", 1_990);

    Drained drained = online.drain();

    assertThat(next("early")).isEqualTo(nextOnShared(300));
    assertThat(next("late")).isEqualTo(nextOnShared(1_990));
    assertPassed(drained);
  }

  private void send(int from, int count) {
    fixture.shared.send(
        IntStream.range(from, from + count)
            .mapToObj(
                i ->
                    record(
                        fixture.from,
                        0,
                        i % 2 == 0 ? KafkaFixture.TENANT : "globex",
                        "key" + i % 600,
                        "value " + i))
            .toList());
    Awaitility.await().pollDelay(Duration.ofMillis(250)).until(() -> true);
  }

  private String nextOnShared(long position) {
    return value(
        fixture.shared.read(fixture.from, 0).stream()
            .filter(each -> each.offset() >= position)
            .filter(
                each ->
                    new String(
                            each.headers().lastHeader("tenant-id").value(), StandardCharsets.UTF_8)
                        .equals(KafkaFixture.TENANT))
            .findFirst()
            .orElse(null));
  }
}
