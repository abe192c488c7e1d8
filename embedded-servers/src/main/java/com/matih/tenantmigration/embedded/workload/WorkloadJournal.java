package com.matih.tenantmigration.embedded.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link Workload}'s writes. It can be read while the workload goes on; it grows
 * with the number of rows and transactions.
 */
public final class WorkloadJournal {

  private static final int MOST_NOT_FOUND = 100;

  private final WorkloadSettings settings;
  private final Map<RowKey, RowState> states = new HashMap<>();
  private final Map<RowKey, CounterTally> counters = new HashMap<>();
  private final List<List<RowChange>> unknown = new ArrayList<>();
  private final Map<WorkloadKind, Integer> acknowledged = new EnumMap<>(WorkloadKind.class);
  private final Map<String, Integer> refused = new TreeMap<>();
  private final Map<String, String> refusalMessages = new TreeMap<>();
  private final List<WorkloadFinding> notFound = new ArrayList<>();
  private final Latency.Samples acknowledgedLatency = new Latency.Samples();
  private final Latency.Samples refusedLatency = new Latency.Samples();
  private long rows;
  private long lastAcknowledged = System.nanoTime();
  private long longestGap;

  /** What a transaction leaves of a row. */
  public record RowChange(RowKey key, RowState state) {}

  /**
   * What is known of a row that all sessions count up.
   *
   * @param acknowledged how many counts were acknowledged
   * @param unknown how many more may have been committed
   * @param highest the highest value that an acknowledged count left; 0 if there was none
   * @param mark the mark of that count
   */
  public record CounterTally(long acknowledged, long unknown, long highest, String mark) {

    static final CounterTally NONE = new CounterTally(0, 0, 0, "");

    CounterTally acknowledge(Draft.CounterHit hit) {
      return hit.hits() > highest
          ? new CounterTally(acknowledged + 1, unknown, hit.hits(), hit.mark())
          : new CounterTally(acknowledged + 1, unknown, highest, mark);
    }

    CounterTally doubt() {
      return new CounterTally(acknowledged, unknown + 1, highest, mark);
    }
  }

  WorkloadJournal(WorkloadSettings settings) {
    this.settings = settings;
  }

  /** How the workload writes. */
  public WorkloadSettings settings() {
    return settings;
  }

  /** How many transactions of each kind were acknowledged; those of the kind ROLLBACK ended so. */
  public synchronized Map<WorkloadKind, Integer> acknowledged() {
    return Map.copyOf(acknowledged);
  }

  /** How many transactions were acknowledged. */
  public synchronized int acknowledgedCount() {
    return acknowledged.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** How many changes of rows were acknowledged, those by cascades included. */
  public synchronized long acknowledgedRows() {
    return rows;
  }

  /**
   * How many transactions and attempts to connect were refused, by SQLSTATE; those of unknown
   * outcome are not among them.
   */
  public synchronized Map<String, Integer> refused() {
    return Map.copyOf(refused);
  }

  /** The first message of each SQLSTATE in {@link #refused}. */
  public synchronized Map<String, String> refusalMessages() {
    return Map.copyOf(refusalMessages);
  }

  /** How many transactions have an unknown outcome: their connection was lost in the commit. */
  public synchronized int unknownCount() {
    return unknown.size();
  }

  /** How long acknowledged transactions took, without the pauses that they made themselves. */
  public Latency acknowledgedLatency() {
    return acknowledgedLatency.summary();
  }

  /** How long it took until a transaction was refused. */
  public Latency refusedLatency() {
    return refusedLatency.summary();
  }

  /**
   * The longest time without an acknowledged write, the time since the last one not counted. For
   * how long a tenant could not write it is an upper bound.
   */
  public synchronized Duration longestGap() {
    return Duration.ofNanos(longestGap);
  }

  /** What each row that was ever acknowledged was last acknowledged to be. */
  public synchronized Map<RowKey, RowState> states() {
    return Map.copyOf(states);
  }

  /** What is known of each row that all sessions count up. */
  public synchronized Map<RowKey, CounterTally> counters() {
    return Map.copyOf(counters);
  }

  /** The transactions of unknown outcome; no later write touches their rows. */
  public synchronized List<List<RowChange>> unknown() {
    return List.copyOf(unknown);
  }

  /** Rows that a session had written and did not find again. */
  public synchronized List<WorkloadFinding> notFound() {
    return List.copyOf(notFound);
  }

  void acknowledge(WorkloadKind kind, Draft draft, long nanoseconds) {
    acknowledgedLatency.add(nanoseconds);
    synchronized (this) {
      acknowledged.merge(kind, 1, Integer::sum);
      long now = System.nanoTime();
      longestGap = Math.max(longestGap, now - lastAcknowledged);
      lastAcknowledged = now;
      rows += draft.size();
      draft.changes().forEach(change -> states.put(change.key(), change.state()));
      for (Draft.CounterHit hit : draft.hits()) {
        counters.compute(hit.key(), (key, old) -> tally(old).acknowledge(hit));
      }
    }
  }

  /** Notes a transaction that rolled itself back, as it was meant to. */
  synchronized void rolledBack(WorkloadKind kind) {
    acknowledged.merge(kind, 1, Integer::sum);
  }

  synchronized void doubt(Draft draft) {
    unknown.add(draft.changes());
    for (Draft.CounterHit hit : draft.hits()) {
      counters.compute(hit.key(), (key, old) -> tally(old).doubt());
    }
  }

  void refuse(String state, String message, long nanoseconds) {
    refusedLatency.add(nanoseconds);
    synchronized (this) {
      refused.merge(state, 1, Integer::sum);
      refusalMessages.putIfAbsent(state, message);
    }
  }

  synchronized void missed(ModelRow row) {
    if (notFound.size() < MOST_NOT_FOUND) {
      notFound.add(
          new WorkloadFinding(
              WorkloadFinding.Fault.NOT_FOUND_BY_SESSION,
              row.table(),
              row.key(),
              "written as " + row.state()));
    }
  }

  private static CounterTally tally(@Nullable CounterTally old) {
    return Optional.ofNullable(old).orElse(CounterTally.NONE);
  }
}
