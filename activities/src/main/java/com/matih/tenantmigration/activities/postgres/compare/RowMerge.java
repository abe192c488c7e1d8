package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import java.util.List;

/** Walks the sorted rows of both sides at once and names those that only one of them has. */
final class RowMerge {

  /** What is done with a key that both sides have. */
  interface Pair {
    void met(String key, String sourceContent, String targetContent);
  }

  private static final int REPORT_EVERY = 1_000;

  private final TableName table;
  private final boolean areAllRows;
  private final List<Finding> findings;
  private final ProgressMonitor monitor;

  /**
   * A walk.
   *
   * @param areAllRows whether the source has all rows that the target must have, so that any other
   *     is a mismatch
   * @param findings are all told what one side alone has
   */
  RowMerge(TableName table, boolean areAllRows, List<Finding> findings, ProgressMonitor monitor) {
    this.table = table;
    this.areAllRows = areAllRows;
    this.findings = List.copyOf(findings);
    this.monitor = monitor;
  }

  void run(SortedRows source, SortedRows target, Pair pair) {
    long seen = 0;
    while (!source.isAtEnd() || !target.isAtEnd()) {
      if (++seen % REPORT_EVERY == 0) {
        monitor.throwIfCancelled();
      }
      findings.forEach(finding -> finding.compared(1));
      int order = order(source, target);
      if (order == 0) {
        pair.met(source.key(), source.content(), target.content());
      } else if (order < 0 || areAllRows) {
        String mismatch =
            order < 0
                ? "%s: row %s is missing".formatted(table, source.key())
                : "%s: row %s has no source".formatted(table, target.key());
        findings.forEach(finding -> finding.mismatch(mismatch));
      }
      if (order <= 0) {
        source.advance();
      }
      if (order >= 0) {
        target.advance();
      }
    }
  }

  private static int order(SortedRows source, SortedRows target) {
    if (source.isAtEnd()) {
      return 1;
    }
    return target.isAtEnd() ? -1 : source.compareKey(target);
  }
}
