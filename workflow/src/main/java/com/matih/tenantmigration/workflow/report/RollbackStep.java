package com.matih.tenantmigration.workflow.report;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What one compensation did.
 *
 * @param step such as {@code RELEASE_FENCE}; see {@link
 *     com.matih.tenantmigration.workflow.Compensation}
 * @param message what was done, why nothing was needed, or what failed and what to do
 * @param left what the migration created and the step left although it did its work, such as a
 *     bucket in which somebody else's object lies
 */
public record RollbackStep(String step, Status status, String message, List<String> left) {

  @SuppressWarnings("ConstantValue") // a step that an earlier version kept has no such list
  public RollbackStep {
    left = left == null ? List.of() : List.copyOf(left);
  }

  /** A step that left nothing, or whose message says it all. */
  public RollbackStep(String step, Status status, String message) {
    this(step, status, message, List.of());
  }

  /**
   * The same as people are told it, its message at most 2,048 characters.
   *
   * @param text changes it before, such as by taking out what is secret
   */
  public RollbackStep told(UnaryOperator<String> text) {
    return new RollbackStep(
        step,
        status,
        Bounds.text(text.apply(message)),
        left.stream().map(text).map(Bounds::text).toList());
  }

  /** How a compensation ended. */
  public enum Status {
    DONE,
    /** There was nothing of this migration to undo. */
    NOT_NEEDED,
    FAILED
  }
}
