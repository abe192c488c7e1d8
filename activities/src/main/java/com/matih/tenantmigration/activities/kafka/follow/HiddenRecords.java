package com.matih.tenantmigration.activities.kafka.follow;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Watches for open transactions that hide what was written after their first record: they end
 * before the fence, or the drain waits for them while the tenant is read-only.
 */
final class HiddenRecords {

  /** Longer than most transactions take. */
  private static final Duration SHORT = Duration.ofSeconds(10);

  /** Longer than the brokers' default for the longest transaction, a quarter of an hour. */
  static final Duration USUAL_WAIT = Duration.ofMinutes(20);

  private final Map<TopicPartition, Hold> holds = new HashMap<>();
  private final Map<TopicPartition, Long> ends = new HashMap<>();

  /** Up to where nothing of the tenant's is hidden. */
  private final Map<TopicPartition, Long> empty = new HashMap<>();

  /** Where something of the tenant's is. */
  private final Set<TopicPartition> hiding = new HashSet<>();

  private final Duration longest;
  private boolean looked;

  /**
   * What holds a partition back.
   *
   * @param old whether it was there at the first look, so that nobody knows for how long already
   */
  private record Hold(long offset, long since, boolean old) {

    Duration length() {
      return Duration.ofNanos(System.nanoTime() - since);
    }
  }

  /**
   * Begins with a first look still to come.
   *
   * @param longest how long a transaction that hides records of the tenant is waited for
   */
  HiddenRecords(Duration longest) {
    this.longest = longest;
  }

  /** Takes note of up to where the partitions can be read, and of where they end. */
  void look(Map<TopicPartition, Long> stableEnds, Map<TopicPartition, Long> endsNow) {
    ends.putAll(endsNow);
    stableEnds.forEach(
        (partition, stable) -> {
          if (endsNow.getOrDefault(partition, 0L) <= stable) {
            holds.remove(partition);
          } else if (!Optional.ofNullable(holds.get(partition))
              .filter(hold -> hold.offset() == stable)
              .isPresent()) {
            holds.put(partition, new Hold(stable, System.nanoTime(), !looked));
          }
        });
    looked = true;
  }

  /** Looks into what is hidden. */
  @FunctionalInterface
  interface Search {

    /** Whether there is a record of the tenant between two offsets. */
    boolean findsTenants(TopicPartition partition, long begin, long end);
  }

  /**
   * Whether the transactions that are open now are likely to end within seconds, or hide nothing of
   * the tenant's.
   */
  boolean isShort(Search search) {
    return holds.keySet().stream()
        .allMatch(
            partition -> {
              Hold hold = holds.get(partition);
              boolean isShort = !hold.old() && hold.length().compareTo(SHORT) <= 0;
              return isShort || hidesNothing(partition, hold, search);
            });
  }

  /** What was looked through once is not looked through again. */
  private boolean hidesNothing(TopicPartition partition, Hold hold, Search search) {
    long end = ends.getOrDefault(partition, hold.offset());
    long begin = Math.max(hold.offset(), empty.getOrDefault(partition, 0L));
    if (begin < end && search.findsTenants(partition, begin, end)) {
      hiding.add(partition);
      return false;
    }
    hiding.remove(partition);
    empty.put(partition, Math.max(begin, end));
    return true;
  }

  /** What hides records for some time now, in a sentence. */
  Optional<String> described() {
    return holds.entrySet().stream()
        .filter(entry -> entry.getValue().length().compareTo(SHORT) > 0)
        .min(Comparator.comparingLong(entry -> entry.getValue().since()))
        .map(entry -> words(entry.getKey(), entry.getValue()));
  }

  private static String words(TopicPartition partition, Hold hold) {
    return "an open transaction has hidden the records of %s from offset %d on for %s"
        .formatted(partition, hold.offset(), Units.duration(hold.length()));
  }

  /**
   * Lets pass what may still end by itself.
   *
   * @throws MigrationException of type DRAIN_TIMED_OUT where a transaction will not
   */
  void requireAnEnd() {
    holds.forEach(
        (partition, hold) -> {
          if (hiding.contains(partition) && hold.length().compareTo(longest) > 0) {
            throw new MigrationException(
                FailureType.DRAIN_TIMED_OUT,
                "On the shared Kafka cluster %s. End its producer (kafka-transactions.sh finds it), or set a longer kafka.openTransactions.timeout, and migrate again."
                    .formatted(words(partition, hold)));
          }
        });
  }
}
