package com.matih.tenantmigration.activities.postgres.copy;

import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.postgres.ledger.Chunk;
import com.matih.tenantmigration.activities.postgres.snapshot.IndexStatement;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What the copy's workers do next: the ranges in their order, and the indexes of a table as soon as
 * all its rows have arrived.
 *
 * <p>An index that takes long begins at once, since it may well end last. While ranges are left, at
 * most half of the workers build. Keys come before a table's other indexes, because they lock it.
 */
final class CopyQueue {

  private static final long POLL_MILLIS = 500;

  private final Queue<Ranges> ranges;
  private final Map<String, Integer> rangesLeft = new HashMap<>();
  private final Map<String, EarlyIndexes.OfTable> waiting;
  private final IdentityHashMap<Indexes, List<Indexes>> following = new IdentityHashMap<>();
  private final Queue<Indexes> ready =
      new PriorityQueue<>(
          Comparator.comparing(Indexes::isUrgent).thenComparing(Indexes::bytes).reversed());
  private final int mostBuilding;
  private int building;

  /**
   * A queue.
   *
   * @param indexes what is built early, by the table's name in the ledger
   */
  CopyQueue(List<List<Chunk>> ranges, Map<String, EarlyIndexes.OfTable> indexes, int parallelism) {
    this.ranges = new ArrayDeque<>(ranges.stream().map(Ranges::new).toList());
    this.waiting = new HashMap<>(indexes);
    this.mostBuilding = Math.max(1, parallelism / 2);
    for (List<Chunk> batch : ranges) {
      batch.forEach(chunk -> rangesLeft.merge(chunk.table().table(), 1, Integer::sum));
    }
    for (String table : indexes.keySet()) {
      if (!rangesLeft.containsKey(table)) {
        allArrived(table);
      }
    }
  }

  /** What a worker does by itself. */
  sealed interface Task permits Ranges, Indexes {}

  /** Ranges that are copied in one transaction. */
  record Ranges(List<Chunk> chunks) implements Task {}

  /** Indexes of a table that are built one after the other. */
  record Indexes(List<IndexStatement> statements, boolean isUrgent, long bytes) implements Task {}

  /** How many tasks there are at least. */
  synchronized int size() {
    return ranges.size() + ready.size() + waiting.size();
  }

  /** The next task, after a wait for one where others may still lead to it; empty at the end. */
  synchronized Optional<Task> next() {
    try {
      Task task = poll();
      while (task == null && !(waiting.isEmpty() && following.isEmpty())) {
        // a worker that failed leads to nothing more
        WorkScope.current().throwIfCancelled();
        wait(POLL_MILLIS);
        task = poll();
      }
      WorkScope.current().throwIfCancelled();
      return Optional.ofNullable(task);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException(
          FailureType.CANCELLED, "The copy was stopped while it waited for a table's rows.", e);
    }
  }

  private @Nullable Task poll() {
    if (!ready.isEmpty() && (ranges.isEmpty() || building < mostBuilding)) {
      building++;
      return ready.poll();
    }
    return ranges.poll();
  }

  /** Tells that a task is done, with all that it stands for. */
  synchronized void done(Task task) {
    if (task instanceof Ranges batch) {
      for (Chunk chunk : batch.chunks()) {
        String table = chunk.table().table();
        if (rangesLeft.merge(table, -1, Integer::sum) == 0) {
          allArrived(table);
        }
      }
    } else if (task instanceof Indexes built) {
      building--;
      List<Indexes> next = following.remove(built);
      if (next != null) {
        ready.addAll(next);
      }
    }
    notifyAll();
  }

  private void allArrived(String table) {
    EarlyIndexes.OfTable indexes = waiting.remove(table);
    if (indexes == null) {
      return;
    }
    boolean isUrgent = indexes.isSlow();
    List<IndexStatement> keys = new ArrayList<>();
    List<Indexes> others = new ArrayList<>();
    for (IndexStatement statement : indexes.statements()) {
      if (statement.isKey()) {
        keys.add(statement);
      } else {
        others.add(new Indexes(List.of(statement), statement.isSlow(), indexes.bytes()));
      }
    }
    if (keys.isEmpty()) {
      ready.addAll(others);
    } else {
      Indexes first = new Indexes(keys, isUrgent, indexes.bytes());
      following.put(first, others);
      ready.add(first);
    }
  }
}
