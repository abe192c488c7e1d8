package com.matih.tenantmigration.activities.kafka.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.kafka.client.RecordDifference;
import com.matih.tenantmigration.activities.kafka.client.RecordStream;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the tenant's records of a shared partition and those of the dedicated one, side by
 * side, and names every difference. Memory is constant.
 *
 * <p>What the shared side's own retention (at the head, also while it is read) or compaction
 * (anywhere) removed since the replay is there on the dedicated side alone; it is counted apart and
 * is no difference. That it is no stranger's record or a second copy shows in how many there are
 * altogether.
 */
final class PartitionComparison {

  /** How far is looked ahead to find where both sides go on alike after a difference. */
  private static final int WINDOW = 64;

  /** After that many differences it no longer matters where exactly the next one is. */
  private static final int PRECISE_DIFFERENCES = 1_000;

  private final TopicPartition from;
  private final TopicPartition to;
  private final RecordStream shared;
  private final RecordStream dedicated;
  private final Removal removal;
  private final List<GroupComparison> groups;
  private final Finding finding;
  private long compared;
  private long removed;
  private int differences;
  private long matchedTo;

  /**
   * What the shared side may have lost since the replay.
   *
   * @param from the first offset that was replayed, of what is compared
   * @param upTo the first offset that its retention has left, as far as is known when it is asked
   * @param anywhere whether it removes records among others that stay
   */
  record Removal(long from, LongSupplier upTo, boolean anywhere) {}

  PartitionComparison(
      TopicPartition from,
      TopicPartition to,
      RecordStream shared,
      RecordStream dedicated,
      Removal removal,
      List<GroupComparison> groups,
      Finding finding) {
    this.from = from;
    this.to = to;
    this.shared = shared;
    this.dedicated = dedicated;
    this.removal = removal;
    this.matchedTo = removal.from();
    this.groups = groups;
    this.finding = finding;
  }

  /**
   * Compares to the end of both sides.
   *
   * @return how many records the shared side has removed since the replay
   */
  long run() {
    while (true) {
      ConsumerRecord<byte[], byte[]> original = shared.peek();
      ConsumerRecord<byte[], byte[]> copy = dedicated.peek();
      if (original == null && copy == null) {
        break;
      }
      if (original != null && copy != null && RecordDifference.same(original, copy)) {
        both(original, copy);
      } else if (copy != null && isRemoved(original, copy)) {
        dedicated.skip();
        removed++;
      } else {
        different(original, copy);
      }
    }
    finding.compared(compared);
    return removed;
  }

  /** Whether no difference was found. */
  boolean isAlike() {
    return differences == 0;
  }

  /** How many records the dedicated side has, where both are alike. */
  long records() {
    return compared + removed;
  }

  private boolean isRemoved(
      @Nullable ConsumerRecord<byte[], byte[]> original, ConsumerRecord<byte[], byte[]> copy) {
    boolean possible = removal.anywhere() || removal.upTo().getAsLong() > matchedTo;
    return possible && (original == null || !RecordDifference.sameIdentity(original, copy));
  }

  private void different(
      @Nullable ConsumerRecord<byte[], byte[]> original,
      @Nullable ConsumerRecord<byte[], byte[]> copy) {
    differences++;
    if (original == null) {
      onlyCopy();
    } else if (copy == null) {
      onlyOriginal();
    } else if (differences > PRECISE_DIFFERENCES || RecordDifference.sameIdentity(original, copy)) {
      changed(original, copy);
    } else {
      realign();
    }
  }

  /** Finds the nearest pair that is alike, and names all before it. */
  private void realign() {
    List<ConsumerRecord<byte[], byte[]>> originals = shared.window(WINDOW);
    List<ConsumerRecord<byte[], byte[]>> copies = dedicated.window(WINDOW);
    int missing = 1;
    int extra = 1;
    int nearest = Integer.MAX_VALUE;
    for (int i = 0; i < originals.size(); i++) {
      for (int j = 0; j < copies.size() && i + j < nearest; j++) {
        if (RecordDifference.same(originals.get(i), copies.get(j))) {
          nearest = i + j;
          missing = i;
          extra = j;
        }
      }
    }
    int changed = Math.min(missing, extra);
    for (int i = 0; i < changed; i++) {
      changed(originals.get(i), copies.get(i));
    }
    for (int i = changed; i < missing; i++) {
      onlyOriginal();
    }
    for (int j = changed; j < extra; j++) {
      onlyCopy();
    }
  }

  private void changed(
      ConsumerRecord<byte[], byte[]> original, ConsumerRecord<byte[], byte[]> copy) {
    finding.mismatch(
        "%s offset %d → %s offset %d: %s differs"
            .formatted(
                from,
                original.offset(),
                to,
                copy.offset(),
                String.join(" and ", RecordDifference.between(original, copy))));
    both(original, copy);
  }

  private void both(ConsumerRecord<byte[], byte[]> original, ConsumerRecord<byte[], byte[]> copy) {
    groups.forEach(group -> group.step(original, copy));
    shared.skip();
    dedicated.skip();
    matchedTo = original.offset() + 1;
    compared++;
  }

  private void onlyOriginal() {
    ConsumerRecord<byte[], byte[]> original = shared.peek();
    if (original != null) {
      finding.mismatch("%s offset %d is missing in %s".formatted(from, original.offset(), to));
      groups.forEach(group -> group.step(original, null));
      shared.skip();
      compared++;
    }
  }

  private void onlyCopy() {
    ConsumerRecord<byte[], byte[]> copy = dedicated.peek();
    if (copy != null) {
      finding.mismatch("%s offset %d is not in %s".formatted(to, copy.offset(), from));
      groups.forEach(group -> group.step(null, copy));
      dedicated.skip();
      compared++;
    }
  }
}
