package com.matih.tenantmigration.embedded.workload;

import com.matih.tenantmigration.embedded.workload.ModelRow.Line;
import com.matih.tenantmigration.embedded.workload.ModelRow.Scratch;
import com.matih.tenantmigration.embedded.workload.Writing.RowNotFoundException;
import com.matih.tenantmigration.embedded.workload.values.OddValues;
import java.sql.SQLException;
import java.util.List;

/** What is done to the tables without a primary key, of the tenant alone, and of all sessions. */
final class LineWrites {

  private static final int COUNTERS = 3;

  private LineWrites() {}

  static void insert(Writing w) throws SQLException {
    String mark = w.mark();
    Line line = new Line(w.tenant(), "line-" + mark, mark);
    w.execute(
        "INSERT INTO audit_line (tenant_id, line, payload, mark) VALUES (?, ?, ?, ?)",
        line.tenant(),
        line.line(),
        OddValues.payload(mark),
        mark);
    w.draft().write(line);
  }

  /** Updates or deletes a row of the table without a primary key. */
  static void change(Writing w) throws SQLException, RowNotFoundException {
    List<Line> own = w.own(Line.class);
    if (own.isEmpty()) {
      insert(w);
      return;
    }
    Line old = w.anyOf(own);
    if (w.below(3) == 0) {
      w.change(
          old, "DELETE FROM audit_line WHERE tenant_id = ? AND line = ?", old.tenant(), old.line());
      w.draft().remove(old);
      return;
    }
    Line line = new Line(old.tenant(), old.line(), w.mark());
    w.change(
        old,
        "UPDATE audit_line SET payload = ?, mark = ? WHERE tenant_id = ? AND line = ?",
        OddValues.payload(line.mark()),
        line.mark(),
        line.tenant(),
        line.line());
    w.draft().write(line);
  }

  /** Empties the tenant's own table and fills it anew. */
  static void truncate(Writing w) throws SQLException {
    w.execute("TRUNCATE scratch");
    w.draft().rows(Scratch.class).forEach(w.draft()::remove);
    int rows = 1 + w.below(4);
    for (int number = 0; number < rows; number++) {
      Scratch row = new Scratch(w.tenant(), number, w.mark());
      w.execute(
          "INSERT INTO scratch (tenant_id, number, mark) VALUES (?, ?, ?)",
          row.tenant(),
          row.number(),
          row.mark());
      w.draft().write(row);
    }
  }

  /** Counts up a row that other sessions count up too; its lock is held until the commit. */
  static void count(Writing w, long seed) throws SQLException {
    String name = "counter-" + seed + "-" + w.below(COUNTERS);
    String mark = w.mark();
    long hits =
        w.number(
            """
            INSERT INTO counter (tenant_id, name, hits, mark) VALUES (?, ?, 1, ?)
            ON CONFLICT (tenant_id, name)
              DO UPDATE SET hits = counter.hits + 1, mark = excluded.mark RETURNING hits""",
            w.tenant(),
            name,
            mark);
    w.draft()
        .hit(new Draft.CounterHit(new RowKey(w.tenant(), WorkloadTable.COUNTER, name), hits, mark));
  }
}
