package com.matih.tenantmigration.workflow.repair;

import com.matih.tenantmigration.workflow.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a repair found, and what it did about it.
 *
 * @param migrationId the tenant's last migration; {@code null} for a tenant that has none
 * @param outcome of the migration, after the repair; {@code null} where nothing is on record
 * @param way where the migration has to be brought
 * @param acted whether the steps were run; else they are what a repair would run
 * @param state the tenant's state after the repair, such as {@code ACTIVE}; {@code null} for a
 *     tenant without a row
 * @param steps each step with what is on record of it, or with what became of it
 */
public record RepairReport(
    String tenant,
    @Nullable String migrationId,
    @Nullable Outcome outcome,
    Way way,
    boolean acted,
    @Nullable String state,
    List<RepairStep> steps) {

  /** Where an unfinished migration has to be brought. */
  public enum Way {
    /** Nothing is left. */
    NONE,
    /** The tenant goes back to where it was, and what was created is removed. */
    BACK,
    /** The tenant writes on the dedicated side: the migration is completed. */
    FORWARD
  }

  public RepairReport {
    steps = List.copyOf(steps);
  }

  /** Of a tenant of which nothing is left to finish. */
  public static RepairReport nothingLeft(
      String tenant,
      @Nullable String migrationId,
      @Nullable Outcome outcome,
      @Nullable String state) {
    return new RepairReport(tenant, migrationId, outcome, Way.NONE, false, state, List.of());
  }

  /** Whether something is still to be done. */
  public boolean somethingLeft() {
    return way != Way.NONE
        && (!acted
            || outcome == Outcome.ROLLBACK_INCOMPLETE
            || outcome == Outcome.RUNNING
            || steps.stream().anyMatch(step -> step.status() == RepairStep.Status.FAILED));
  }
}
