package com.matih.tenantmigration.workflow.activity;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import java.util.List;
import java.util.Map;

/** What the platform remembers of a migration: its record with the report, and the audit trail. */
@ActivityInterface
public interface RecordActivities {

  /**
   * Appends to the audit trail and keeps the report, in one transaction. An entry that is there
   * already (same migration and key) is not written again.
   *
   * <p>Fails with {@link com.matih.tenantmigration.workflow.FailureType#MIGRATION_ENDED}, and keeps
   * nothing, where another run has ended the migration, unless the context is a repair's.
   */
  @ActivityMethod(name = "RecordProgress")
  void record(MigrationContext context, Phase phase, MigrationReport report, List<Entry> entries);

  /** The report of a migration that has ended, as it is on record. */
  @ActivityMethod(name = "ReadRecordedReport")
  MigrationReport recordedReport(MigrationContext context);

  /**
   * Appends to the audit trail alone. An entry that is there already (same migration and key) is
   * not written again.
   */
  @ActivityMethod(name = "RecordEntries")
  void recordEntries(String migrationId, String tenant, List<Entry> entries);

  /**
   * Keeps how gently the shared side is read from now on, where activities that run read it; in
   * place of what was kept before.
   */
  @ActivityMethod(name = "KeepThrottle")
  void keepThrottle(MigrationContext context, ThrottleSpec throttle);

  /**
   * One line of the audit trail.
   *
   * @param key unique within the migration, so that a second try does not write it twice
   * @param event such as {@code PHASE_STARTED}, {@code CHECK}, {@code COMPENSATION}, {@code PAUSED}
   * @param outcome such as {@code STARTED}, {@code PASSED}, {@code DONE}, {@code REFUSED}
   * @param details who, why and what, without secrets
   */
  record Entry(String key, Phase phase, String event, String outcome, Map<String, String> details) {
    public Entry {
      details = Map.copyOf(details);
    }
  }
}
