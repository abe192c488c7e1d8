package com.matih.tenantmigration.embedded.workload.judge;

import com.matih.tenantmigration.embedded.workload.RowKey;
import com.matih.tenantmigration.embedded.workload.RowState;
import com.matih.tenantmigration.embedded.workload.WorkloadFinding;
import com.matih.tenantmigration.embedded.workload.WorkloadFinding.Fault;
import com.matih.tenantmigration.embedded.workload.WorkloadJournal;
import com.matih.tenantmigration.embedded.workload.WorkloadJournal.CounterTally;
import com.matih.tenantmigration.embedded.workload.WorkloadJournal.RowChange;
import com.matih.tenantmigration.embedded.workload.WorkloadSchema;
import com.matih.tenantmigration.embedded.workload.WorkloadTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a tenant's rows must be by the journals of all who wrote them. */
final class Expectation {

  private final Map<RowKey, RowState> states;
  private final Map<RowKey, CounterTally> counters;
  private final List<List<RowChange>> unknown;
  private final List<WorkloadFinding> findings = new ArrayList<>();

  /**
   * What to expect.
   *
   * @param states of one tenant's rows
   * @param counters of that tenant
   * @param unknown transactions of unknown outcome, with what they leave of that tenant's rows
   */
  Expectation(
      Map<RowKey, RowState> states,
      Map<RowKey, CounterTally> counters,
      List<List<RowChange>> unknown) {
    this.states = Map.copyOf(states);
    this.counters = Map.copyOf(counters);
    this.unknown = List.copyOf(unknown);
  }

  static Expectation of(String tenant, List<WorkloadJournal> journals) {
    Map<RowKey, RowState> states = new HashMap<>();
    Map<RowKey, CounterTally> counters = new HashMap<>();
    List<List<RowChange>> unknown = new ArrayList<>();
    List<WorkloadFinding> notFound = new ArrayList<>();
    for (WorkloadJournal journal : journals) {
      // also of a neighbour's journal: rows move between tenants
      journal.states().forEach((key, state) -> put(states, tenant, key, state));
      journal.counters().forEach((key, tally) -> put(counters, tenant, key, tally));
      for (List<RowChange> changes : journal.unknown()) {
        unknown.add(
            changes.stream().filter(change -> change.key().tenant().equals(tenant)).toList());
      }
      if (journal.settings().tenant().equals(tenant)) {
        notFound.addAll(journal.notFound());
      }
    }
    Expectation expectation = new Expectation(states, counters, unknown);
    expectation.findings.addAll(notFound);
    return expectation;
  }

  private static <T> void put(Map<RowKey, T> all, String tenant, RowKey key, T value) {
    if (key.tenant().equals(tenant)) {
      all.put(key, value);
    }
  }

  boolean isEmpty() {
    return states.values().stream().noneMatch(RowState::present) && counters.isEmpty();
  }

  /** What is not as expected; the rows are all that a side has of the tenant. */
  List<WorkloadFinding> compare(Map<WorkloadTable, List<JudgeReader.Row>> rows) {
    Map<WorkloadTable, Map<String, List<String>>> there = new HashMap<>();
    rows.forEach(
        (table, ofTable) -> {
          Map<String, List<String>> byKey = there.computeIfAbsent(table, unused -> new HashMap<>());
          ofTable.forEach(
              row ->
                  byKey.computeIfAbsent(row.key(), unused -> new ArrayList<>()).add(row.state()));
        });
    Set<RowKey> judged = new HashSet<>();
    for (List<RowChange> changes : unknown) {
      judgeUnknown(changes, there);
      changes.forEach(change -> judged.add(change.key()));
    }
    states.forEach(
        (key, state) -> {
          if (judged.add(key)) {
            judge(key, state, found(there, key));
          }
        });
    counters.forEach(
        (key, tally) -> {
          judged.add(key);
          judgeCounter(key, tally, found(there, key));
        });
    judgeRest(there, judged);
    return List.copyOf(findings);
  }

  private void judge(RowKey key, RowState expected, List<String> found) {
    if (found.size() > 1) {
      add(Fault.DOUBLED, key, "is there %d times: %s".formatted(found.size(), found));
    } else if (!expected.present() && !found.isEmpty()) {
      add(Fault.NOT_DELETED, key, "deleted, and is there as " + found.get(0));
    } else if (expected.present() && found.isEmpty()) {
      add(Fault.MISSING, key, "acknowledged as " + expected.text());
    } else if (!matches(expected, found)) {
      add(
          Fault.STALE,
          key,
          "acknowledged as %s, and is there as %s".formatted(expected.text(), found.get(0)));
    }
  }

  /** Either all rows are as the transaction left them, or all are as they were before. */
  private void judgeUnknown(
      List<RowChange> changes, Map<WorkloadTable, Map<String, List<String>>> there) {
    boolean committed = changes.stream().allMatch(c -> matches(c.state(), found(there, c.key())));
    boolean rolledBack =
        changes.stream().allMatch(c -> matches(before(c.key()), found(there, c.key())));
    if (committed || rolledBack) {
      return;
    }
    for (RowChange change : changes) {
      List<String> found = found(there, change.key());
      add(
          Fault.TORN,
          change.key(),
          "before %s, after %s, and is there as %s"
              .formatted(before(change.key()), change.state(), found));
    }
  }

  private RowState before(RowKey key) {
    return states.getOrDefault(key, RowState.ABSENT);
  }

  private void judgeCounter(RowKey key, CounterTally tally, List<String> found) {
    if (found.isEmpty() && tally.acknowledged() == 0) {
      return;
    }
    if (found.size() != 1) {
      add(
          found.isEmpty() ? Fault.MISSING : Fault.DOUBLED,
          key,
          "is there %d times".formatted(found.size()));
      return;
    }
    String state = found.get(0);
    long hits = Long.parseLong(state.substring(state.lastIndexOf('|') + 1));
    boolean inRange =
        tally.acknowledged() <= hits && hits <= tally.acknowledged() + tally.unknown();
    boolean last = hits > tally.highest() || state.equals(tally.mark() + "|" + tally.highest());
    if (!inRange || hits < tally.highest() || !last) {
      add(Fault.STALE, key, "%s, and is there as %s".formatted(tally, state));
    }
  }

  private void judgeRest(Map<WorkloadTable, Map<String, List<String>>> there, Set<RowKey> judged) {
    Set<String> known = new HashSet<>();
    judged.forEach(key -> known.add(key.table() + " " + key.key()));
    there.forEach(
        (table, byKey) ->
            byKey.forEach(
                (key, found) -> {
                  boolean filled = found.get(0).startsWith(WorkloadSchema.FILL);
                  // reference rows are other tenants' too
                  if (!filled
                      && table != WorkloadTable.REGION
                      && !known.contains(table + " " + key)) {
                    findings.add(
                        new WorkloadFinding(
                            Fault.NEVER_ACKNOWLEDGED, table, key, "is there as " + found));
                  }
                }));
  }

  private static boolean matches(RowState expected, List<String> found) {
    return expected.present() ? found.equals(List.of(expected.text())) : found.isEmpty();
  }

  private static List<String> found(
      Map<WorkloadTable, Map<String, List<String>>> there, RowKey key) {
    return there.getOrDefault(key.table(), Map.of()).getOrDefault(key.key(), List.of());
  }

  private void add(Fault fault, RowKey key, String detail) {
    findings.add(new WorkloadFinding(fault, key.table(), key.key(), detail));
  }
}
