package com.matih.tenantmigration.activities.kafka.plan;

/** Where the parts of a plan write down what they find. */
final class PlanNotes {

  private PlanNotes() {}

  /** Takes what stands in the migration's way. */
  @FunctionalInterface
  interface Refusals {
    void refuse(String object, String reason, String remedy);
  }

  /** Takes what an operator should know. */
  @FunctionalInterface
  interface Warnings {
    void warn(String object, String message);
  }
}
