package com.matih.tenantmigration.embedded.workload.judge;

import com.matih.tenantmigration.embedded.workload.WorkloadFinding;
import com.matih.tenantmigration.embedded.workload.WorkloadFinding.Fault;
import com.matih.tenantmigration.embedded.workload.WorkloadJournal;
import com.matih.tenantmigration.embedded.workload.WorkloadSchema;
import com.matih.tenantmigration.embedded.workload.WorkloadSide;
import com.matih.tenantmigration.embedded.workload.WorkloadTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares what workloads noted with what is there, and one side with another, row by row.
 *
 * <p>It reads whole tables into memory. The workloads must have ended, and nobody else may write
 * the tenant's tables while it reads.
 */
public final class WorkloadJudge {

  private final List<WorkloadJournal> journals;

  /**
   * A judge who knows what all who write the database noted: a row may have come from a neighbour.
   */
  public WorkloadJudge(WorkloadJournal... journals) {
    this.journals = List.of(journals);
  }

  /**
   * What of a tenant's acknowledged writes is not on a side as it should be: each acknowledged row
   * is there, once, as it was last acknowledged; what was deleted is not; nothing else is there,
   * but what {@link WorkloadSchema#fill} made; a transaction of unknown outcome is there as a whole
   * or not at all. The same asked for a neighbour, on the shared side, tells whether it kept its
   * rows.
   *
   * @return empty if all is well
   * @throws IllegalArgumentException if no journal has an acknowledged row of the tenant
   */
  public List<WorkloadFinding> acknowledged(String tenant, WorkloadSide side) throws SQLException {
    Expectation expectation = Expectation.of(tenant, journals);
    if (expectation.isEmpty()) {
      throw new IllegalArgumentException("No journal has an acknowledged row of " + tenant);
    }
    Map<WorkloadTable, List<JudgeReader.Row>> rows = new EnumMap<>(WorkloadTable.class);
    try (JudgeReader reader = new JudgeReader(side)) {
      for (WorkloadTable table : side.schema().tables()) {
        rows.put(table, reader.read(JudgeQueries.rowsOf(table), tenant));
      }
    }
    return expectation.compare(rows);
  }

  /**
   * How a tenant's rows on two sides differ, as text and in number; reference rows, which are not
   * the tenant's, are left out.
   *
   * @return empty if both have the same rows
   * @throws IllegalArgumentException if neither side has a row of the tenant
   */
  public static List<WorkloadFinding> difference(
      String tenant, WorkloadSide first, WorkloadSide second) throws SQLException {
    List<WorkloadFinding> findings = new ArrayList<>();
    long compared = 0;
    try (JudgeReader one = new JudgeReader(first);
        JudgeReader other = new JudgeReader(second)) {
      for (WorkloadTable table : first.schema().tables()) {
        if (table == WorkloadTable.REGION) {
          continue;
        }
        String sql = JudgeQueries.rowsOf(table);
        Map<String, List<String>> left = byKey(one.read(sql, tenant));
        Map<String, List<String>> right = byKey(other.read(sql, tenant));
        compared += left.size() + right.size();
        findings.addAll(difference(table, left, right));
      }
    }
    if (compared == 0) {
      throw new IllegalArgumentException(
          "Neither %s nor %s has a row of %s".formatted(first, second, tenant));
    }
    return findings;
  }

  /** The rows of a side that are not a tenant's: a dedicated side has none. */
  public static List<WorkloadFinding> foreign(String tenant, WorkloadSide dedicated)
      throws SQLException {
    List<WorkloadFinding> findings = new ArrayList<>();
    try (JudgeReader reader = new JudgeReader(dedicated)) {
      for (WorkloadTable table : dedicated.schema().tables()) {
        for (JudgeReader.Row row : reader.read(JudgeQueries.foreignRows(table), tenant)) {
          findings.add(
              new WorkloadFinding(Fault.FOREIGN, table, row.key(), "belongs to " + row.state()));
        }
      }
    }
    return findings;
  }

  private static List<WorkloadFinding> difference(
      WorkloadTable table, Map<String, List<String>> left, Map<String, List<String>> right) {
    List<WorkloadFinding> findings = new ArrayList<>();
    Map<String, List<String>> onlyRight = new HashMap<>(right);
    left.forEach(
        (key, texts) -> {
          List<String> others = onlyRight.remove(key);
          if (others == null) {
            findings.add(new WorkloadFinding(Fault.ONLY_FIRST, table, key, texts.toString()));
          } else if (texts.size() != others.size()) {
            findings.add(
                new WorkloadFinding(
                    Fault.DOUBLED,
                    table,
                    key,
                    "%d times and %d times".formatted(texts.size(), others.size())));
          } else if (!texts.equals(others)) {
            findings.add(
                new WorkloadFinding(Fault.DIFFERENT, table, key, texts + " and " + others));
          }
        });
    onlyRight.forEach(
        (key, texts) ->
            findings.add(new WorkloadFinding(Fault.ONLY_SECOND, table, key, texts.toString())));
    return findings;
  }

  private static Map<String, List<String>> byKey(List<JudgeReader.Row> rows) {
    Map<String, List<String>> byKey = new TreeMap<>();
    rows.forEach(
        row -> byKey.computeIfAbsent(row.key(), unused -> new ArrayList<>()).add(row.text()));
    return byKey;
  }
}
