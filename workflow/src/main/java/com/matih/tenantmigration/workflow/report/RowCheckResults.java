package com.matih.tenantmigration.workflow.report;

import java.util.List;
import java.util.function.UnaryOperator;

/** The results of the checks that one pass over the rows makes, one for each check. */
public record RowCheckResults(
    CheckResult rowCount, CheckResult primaryKeyChecksum, CheckResult rowContent) {

  /** All of them. */
  public List<CheckResult> all() {
    return List.of(rowCount, primaryKeyChecksum, rowContent);
  }

  /**
   * The same as people are told it.
   *
   * @param text changes each text before, such as by taking out what is secret
   */
  public RowCheckResults told(UnaryOperator<String> text) {
    return new RowCheckResults(
        rowCount.told(text), primaryKeyChecksum.told(text), rowContent.told(text));
  }
}
