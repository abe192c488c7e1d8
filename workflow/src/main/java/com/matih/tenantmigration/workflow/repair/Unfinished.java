package com.matih.tenantmigration.workflow.repair;

import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Tells whether a migration that does not run any more has left something for a repair. */
public final class Unfinished {

  private Unfinished() {}

  /** Whether the report on record is of a migration that has not ended as it should. */
  public static boolean is(MigrationReport onRecord) {
    return switch (onRecord.outcome()) {
      case RUNNING, ROLLBACK_INCOMPLETE -> true;
      case COMPLETED -> isUntidy(onRecord);
      case ROLLED_BACK -> isAnyStepFailed(onRecord);
      case REFUSED -> false;
    };
  }

  /** One that does not make a rollback incomplete: the fence's triggers let everything through. */
  private static boolean isAnyStepFailed(MigrationReport rolledBack) {
    return rolledBack.rollback().stream()
        .anyMatch(step -> step.status() == RollbackStep.Status.FAILED);
  }

  /** The steps of the way back that did not fail. */
  public static Set<Compensation> withoutFailure(MigrationReport rolledBack) {
    Set<Compensation> others = EnumSet.allOf(Compensation.class);
    rolledBack.rollback().stream()
        .filter(step -> step.status() == RollbackStep.Status.FAILED)
        .forEach(step -> others.remove(Compensation.valueOf(step.step())));
    return others;
  }

  /** A step after the cutover failed, or the migration did not get so far. */
  private static boolean isUntidy(MigrationReport completed) {
    List<PhaseTiming> phases = completed.phases();
    return completed.warnings().stream().anyMatch(warning -> isCleanup(warning.object()))
        || (!phases.isEmpty() && phases.get(phases.size() - 1).finishedAt() == null);
  }

  /** Whether a warning is about something that had to be removed after the cutover. */
  public static boolean isCleanup(String object) {
    return Arrays.stream(Step.values())
        .anyMatch(step -> step.isCleanup() && step.words().equals(object));
  }
}
