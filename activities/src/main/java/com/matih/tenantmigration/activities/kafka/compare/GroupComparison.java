package com.matih.tenantmigration.activities.kafka.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions.Position;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a group would read the same record next on both sides, while both are walked
 * through, and has the same metadata beside its position.
 */
final class GroupComparison {

  private static final long NONE = -1;

  private final String sharedGroup;
  private final String dedicatedGroup;
  private final @Nullable Position shared;
  private final @Nullable OffsetAndMetadata dedicated;
  private long step;
  private long nextOnShared = NONE;
  private long nextOnDedicated = NONE;

  /** Begins with where the group stands on each side, {@code null} for no position. */
  GroupComparison(
      String sharedGroup,
      String dedicatedGroup,
      @Nullable Position shared,
      @Nullable OffsetAndMetadata dedicated) {
    this.sharedGroup = sharedGroup;
    this.dedicatedGroup = dedicatedGroup;
    this.shared = shared;
    this.dedicated = dedicated;
  }

  /** Takes the next record of both sides, or of one where the other lacks it. */
  void step(
      @Nullable ConsumerRecord<byte[], byte[]> original,
      @Nullable ConsumerRecord<byte[], byte[]> copy) {
    if (nextOnShared == NONE && shared != null && isAtOrAfter(original, shared.offset())) {
      nextOnShared = step;
    }
    if (nextOnDedicated == NONE && dedicated != null && isAtOrAfter(copy, dedicated.offset())) {
      nextOnDedicated = step;
    }
    step++;
  }

  private static boolean isAtOrAfter(@Nullable ConsumerRecord<byte[], byte[]> each, long position) {
    return each != null && each.offset() >= position;
  }

  /** Says what differs, once both sides were walked through. */
  void conclude(TopicPartition partition, OffsetRange range, Finding finding) {
    if (shared == null && dedicated == null) {
      return;
    }
    if (shared == null || dedicated == null) {
      finding.mismatch(
          "group %s has %s position in %s, group %s on the shared side has %s"
              .formatted(
                  dedicatedGroup,
                  dedicated == null ? "no" : "a",
                  partition,
                  sharedGroup,
                  shared == null ? "none" : "one"));
    } else if (dedicated.offset() < range.begin() || dedicated.offset() > range.end()) {
      finding.mismatch(
          "group %s is at offset %d of %s, which has only %d to %d"
              .formatted(
                  dedicatedGroup, dedicated.offset(), partition, range.begin(), range.end()));
    } else if (nextOnShared != nextOnDedicated) {
      finding.mismatch(
          "group %s at offset %d of %s would read a different record next than group %s on the shared side"
                  .formatted(dedicatedGroup, dedicated.offset(), partition, sharedGroup)
              + " at offset %d".formatted(shared.offset()));
    } else if (!dedicated.metadata().equals(shared.plainMetadata())) {
      finding.mismatch(
          "group %s has other metadata beside its position in %s than group %s on the shared side"
              .formatted(dedicatedGroup, partition, sharedGroup));
    }
  }
}
