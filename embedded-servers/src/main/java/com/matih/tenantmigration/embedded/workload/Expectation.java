package com.matih.tenantmigration.embedded.workload;

import com.matih.tenantmigration.embedded.workload.WorkloadFinding.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a tenant's rows must be by the journals of all who wrote them. */
final class Expectation {

  private final Map<RowKey, RowState> states = new HashMap<>();
  private final Map<RowKey, CounterTally> counters = new HashMap<>();
  private final List<List<RowChange>> unknown = new ArrayList<>();
  private final List<WorkloadFinding> findings = new ArrayList<>();

  private Expectation() {}

  static Expectation of(String tenant, List<WorkloadJournal> journals) {
    Expectation expectation = new Expectation();
    for (WorkloadJournal journal : journals) {
      journal.states().forEach((key, state) -> expectation.expect(tenant, key, state));
      journal.unknown().forEach(changes -> expectation.doubt(tenant, changes));
      if (journal.settings().tenant().equals(tenant)) {
        expectation.counters.putAll(journal.counters());
        expectation.findings.addAll(journal.notFound());
      }
    }
    return expectation;
  }

  private void expect(String tenant, RowKey key, RowState state) {
    if (key.tenant().equals(tenant)) {
      states.put(key, state);
    }
  }

  private void doubt(String tenant, List<RowChange> changes) {
    List<RowChange> own =
        changes.stream().filter(change -> change.key().tenant().equals(tenant)).toList();
    if (!own.isEmpty()) {
      unknown.add(own);
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
