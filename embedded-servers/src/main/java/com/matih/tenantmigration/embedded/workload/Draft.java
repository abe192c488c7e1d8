package com.matih.tenantmigration.embedded.workload;

import com.matih.tenantmigration.embedded.workload.WorkloadJournal.RowChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a transaction has changed so far, over the rows that its session had written before.
 *
 * <p>All orders are those of the writes, so that a seed always chooses the same rows.
 */
final class Draft {

  private final Map<RowKey, ModelRow> before;
  private final Map<RowKey, ModelRow> written = new LinkedHashMap<>();
  private final Set<RowKey> removed = new LinkedHashSet<>();
  private final List<CounterHit> hits = new ArrayList<>();

  /**
   * One count of a row that all sessions count up.
   *
   * @param hits the row's value after it
   */
  record CounterHit(RowKey key, long hits, String mark) {}

  Draft(Map<RowKey, ModelRow> before) {
    this.before = before;
  }

  /** A copy to come back to when a savepoint is rolled back. */
  Draft copy() {
    Draft copy = new Draft(before);
    copy.reset(this);
    return copy;
  }

  /** Forgets everything that came after another draft was copied from this one. */
  void reset(Draft copied) {
    written.clear();
    written.putAll(copied.written);
    removed.clear();
    removed.addAll(copied.removed);
    hits.clear();
    hits.addAll(copied.hits);
  }

  void write(ModelRow row) {
    removed.remove(row.rowKey());
    written.put(row.rowKey(), row);
  }

  void remove(ModelRow row) {
    written.remove(row.rowKey());
    removed.add(row.rowKey());
  }

  /** One row takes another's place, under the same key or a new one. */
  void replace(ModelRow old, ModelRow row) {
    remove(old);
    write(row);
  }

  void hit(CounterHit hit) {
    hits.add(hit);
  }

  List<CounterHit> hits() {
    return List.copyOf(hits);
  }

  boolean has(RowKey key) {
    return written.containsKey(key) || (before.containsKey(key) && !removed.contains(key));
  }

  /** The rows of a kind as this transaction sees them. */
  <T extends ModelRow> List<T> rows(Class<T> kind) {
    List<T> rows = new ArrayList<>();
    before.forEach(
        (key, row) -> {
          if (kind.isInstance(row) && !written.containsKey(key) && !removed.contains(key)) {
            rows.add(kind.cast(row));
          }
        });
    written.values().stream().filter(kind::isInstance).map(kind::cast).forEach(rows::add);
    return rows;
  }

  /** How many rows it changes. */
  int size() {
    return written.size() + removed.size() + hits.size();
  }

  List<RowChange> changes() {
    List<RowChange> changes = new ArrayList<>();
    removed.forEach(key -> changes.add(new RowChange(key, RowState.ABSENT)));
    written.forEach((key, row) -> changes.add(new RowChange(key, RowState.of(row.state()))));
    return changes;
  }

  /** Makes its changes those of the rows that a session has written. */
  void applyTo(Map<RowKey, ModelRow> rows) {
    rows.keySet().removeAll(removed);
    rows.putAll(written);
  }
}
