package com.matih.tenantmigration.activities.kafka.copy;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.copy.OffsetMap.Point;
import com.matih.tenantmigration.activities.testing.TestJournal;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What a map keeps, and for whom. */
class OffsetMapIT {

  private static final TopicPartition PARTITION = new TopicPartition("events", 0);

  private final TopicJournal journal =
      new TopicJournal(TestJournal.shared(), TestJournal.newMigrationId());
  private final TopicFacts topic = topic();

  private static TopicFacts topic() {
    return new TopicFacts("events", Uuid.randomUuid(), 1, 1, Map.of(), Map.of(), Map.of());
  }

  private OffsetMap recalled(TopicFacts facts, long begin) {
    return OffsetMap.recall(journal, facts, PARTITION, begin);
  }

  private OffsetMap filled() {
    OffsetMap map = recalled(topic, 0);
    LongStream.range(0, 100_000).forEach(i -> map.add(new Point(10 * i, 2 * i, i)));
    map.keep();
    return map;
  }

  @Test
  void isBoundedAndDenseAtItsEnd() {
    OffsetMap map = filled();

    assertThat(journal.offsets(PARTITION).orElseThrow().points())
        .hasSize(3 * OffsetMap.MOST_POINTS);
    assertThat(map.atOrBefore(999_995)).contains(new Point(999_990, 199_998, 99_999));
    assertThat(map.atOrBefore(999_005)).contains(new Point(999_000, 199_800, 99_900));
    assertThat(map.atOrAfter(1_000_000)).isEmpty();
  }

  @Test
  void isSparseAndEvenBefore() {
    OffsetMap map = filled();

    assertThat(map.atOrBefore(5)).contains(new Point(0, 0, 0));
    Point next = map.atOrAfter(5).orElseThrow();
    assertThat(next.source()).isEqualTo(10 * next.records()).isLessThan(10_000);
  }

  @Test
  void isRecalledForTheSameTopicAlone() {
    filled();

    assertThat(recalled(topic, 0).atOrBefore(5)).isPresent();
    assertThat(recalled(topic(), 0).atOrBefore(5)).isEmpty();
    assertThat(recalled(topic, 200_000).atOrBefore(1_000_000)).isEmpty();
  }

  @Test
  void aPlaceOfAGroupStaysUntilThereAreNewerOnes() {
    OffsetMap map = filled();
    Point place = new Point(12_345, 2_470, 1_235);
    map.addPlace(12_345, place);
    map.add(new Point(2_000_000, 400_000, 200_000));
    map.keep();
    OffsetMap recalled = recalled(topic, 0);

    assertThat(recalled.atOrAfter(12_345)).contains(place);
    assertThat(recalled.atOrBefore(12_346)).contains(place);
    assertThat(recalled.atOrBeforeRecord(1_235)).contains(place);
    recalled.keepPlaces(0);
    assertThat(recalled.atOrAfter(12_345)).isNotEqualTo(Optional.of(place));
  }
}
