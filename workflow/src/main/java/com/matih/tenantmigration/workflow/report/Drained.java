package com.matih.tenantmigration.workflow.report;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a store carried over under the fence.
 *
 * @param stores the store's part of the report: all that moved, the rest included
 * @param checks what was verified of the rest; each adds to what VERIFY compared
 */
public record Drained(StoresSummary stores, List<CheckResult> checks) {

  public Drained {
    checks = List.copyOf(checks);
  }

  /**
   * The same as people are told it.
   *
   * @param text changes each text before, such as by taking out what is secret
   */
  public Drained told(UnaryOperator<String> text) {
    return new Drained(stores, checks.stream().map(check -> check.told(text)).toList());
  }
}
