package com.matih.tenantmigration.activities.kafka.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a group would read the same record next on both sides, while both are walked
 * through.
 */
final class GroupComparison {

  private static final long NONE = -1;

  private final String sharedGroup;
  private final String dedicatedGroup;
  private final @Nullable Long sharedPosition;
  private final @Nullable Long dedicatedPosition;
  private long step;
  private long nextOnShared = NONE;
  private long nextOnDedicated = NONE;

  /** Begins with where the group stands on each side, {@code null} for no position. */
  GroupComparison(
      String sharedGroup,
      String dedicatedGroup,
      @Nullable Long sharedPosition,
      @Nullable Long dedicatedPosition) {
    this.sharedGroup = sharedGroup;
    this.dedicatedGroup = dedicatedGroup;
    this.sharedPosition = sharedPosition;
    this.dedicatedPosition = dedicatedPosition;
  }

  /** Takes the next record of both sides, or of one where the other lacks it. */
  void step(
      @Nullable ConsumerRecord<byte[], byte[]> shared,
      @Nullable ConsumerRecord<byte[], byte[]> dedicated) {
    if (nextOnShared == NONE && isAtOrAfter(shared, sharedPosition)) {
      nextOnShared = step;
    }
    if (nextOnDedicated == NONE && isAtOrAfter(dedicated, dedicatedPosition)) {
      nextOnDedicated = step;
    }
    step++;
  }

  private static boolean isAtOrAfter(
      @Nullable ConsumerRecord<byte[], byte[]> each, @Nullable Long position) {
    return each != null && position != null && each.offset() >= position;
  }

  /** Says what differs, once both sides were walked through. */
  void conclude(TopicPartition partition, OffsetRange dedicated, Finding finding) {
    if (sharedPosition == null && dedicatedPosition == null) {
      return;
    }
    if (sharedPosition == null || dedicatedPosition == null) {
      finding.mismatch(
          "group %s has %s position in %s, group %s on the shared side has %s"
              .formatted(
                  dedicatedGroup,
                  dedicatedPosition == null ? "no" : "a",
                  partition,
                  sharedGroup,
                  sharedPosition == null ? "none" : "one"));
    } else if (dedicatedPosition < dedicated.begin() || dedicatedPosition > dedicated.end()) {
      finding.mismatch(
          "group %s is at offset %d of %s, which has only %d to %d"
              .formatted(
                  dedicatedGroup,
                  dedicatedPosition,
                  partition,
                  dedicated.begin(),
                  dedicated.end()));
    } else if (nextOnShared != nextOnDedicated) {
      finding.mismatch(
          "group %s at offset %d of %s would read a different record next than group %s on the shared side"
                  .formatted(dedicatedGroup, dedicatedPosition, partition, sharedGroup)
              + " at offset %d".formatted(sharedPosition));
    }
  }
}
