package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.starter.state.Moment;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import java.time.Instant;
import java.util.List;

/** What became of a tenant's last migration, for an operator who came too late. */
public final class LastMigration {

  private LastMigration() {}

  /** How and when it ended, and where to look; in sentences. */
  static String told(MigrationRecord last) {
    return "The last one, %s. See: report %s%s"
        .formatted(
            became(last),
            last.tenantId(),
            last.outcome() == Outcome.ROLLBACK_INCOMPLETE
                ? "; to finish it: repair " + last.tenantId()
                : "");
  }

  /** The same of one that Temporal ended. */
  static String told(EndedFromOutside end) {
    return ("The last one, %s, was terminated outside of the tool in phase %s, and nothing"
            + " was rolled back. See: status %s; to finish it: repair %s")
        .formatted(end.migrationId(), end.phase(), end.tenant(), end.tenant());
  }

  /** Its id, and how and when it ended: {@code 3f9a1c2b4d5e, was completed at …}. */
  public static String became(MigrationRecord last) {
    MigrationReport report = last.report();
    String how =
        switch (last.outcome()) {
          case COMPLETED -> "was completed";
          case REFUSED -> "was refused";
          case ROLLED_BACK ->
              report.cancelled() ? "was cancelled and rolled back" : "was rolled back";
          case ROLLBACK_INCOMPLETE -> "could not be rolled back completely";
          case RUNNING -> "is recorded as running, in phase %s".formatted(last.phase());
        };
    return "%s, %s%s"
        .formatted(
            last.migrationId(),
            how,
            last.outcome() == Outcome.RUNNING ? "" : " at " + Moment.of(endedAt(last)));
  }

  private static Instant endedAt(MigrationRecord last) {
    List<PhaseTiming> phases = last.report().phases();
    Instant ended = phases.isEmpty() ? null : phases.get(phases.size() - 1).finishedAt();
    return ended == null ? last.updatedAt() : ended;
  }
}
