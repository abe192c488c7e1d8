package com.matih.tenantmigration.workflow.report;

import java.util.List;
import java.util.function.UnaryOperator;

/** The results of the checks of objects, one for each check. */
public record ObjectCheckResults(
    CheckResult objectCount, CheckResult objectSize, CheckResult objectChecksum) {

  /** All of them. */
  public List<CheckResult> all() {
    return List.of(objectCount, objectSize, objectChecksum);
  }

  /**
   * The same as people are told it.
   *
   * @param text changes each text before, such as by taking out what is secret
   */
  public ObjectCheckResults told(UnaryOperator<String> text) {
    return new ObjectCheckResults(
        objectCount.told(text), objectSize.told(text), objectChecksum.told(text));
  }
}
