package com.matih.tenantmigration.activities.tenantconfig;

import com.matih.tenantmigration.activities.temporal.ActivityRunner;
import com.matih.tenantmigration.controlplane.AuditEntry;
import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.Migrations;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.activity.RecordActivities;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Set;

/** The migration's record and audit trail as an activity. */
public final class RecordActivitiesImpl implements RecordActivities {

  private final Migrations migrations;
  private final RecordListener listener;

  /**
   * Activities that write to a control plane.
   *
   * @param listener learns what was written
   */
  public RecordActivitiesImpl(ControlPlane controlPlane, RecordListener listener) {
    this.migrations = controlPlane.migrations();
    this.listener = listener;
  }

  @Override
  public void record(
      MigrationContext context, Phase phase, MigrationReport report, List<Entry> entries) {
    List<AuditEntry> lines = entries.stream().map(entry -> line(context, entry)).toList();
    try {
      ActivityRunner.run(
          context,
          monitor -> {
            Set<String> added = migrations.keep(phase, report, lines);
            listener.recorded(
                report, entries.stream().filter(entry -> added.contains(entry.key())).toList());
          });
    } catch (ApplicationFailure e) {
      throw triedAgain(e);
    }
  }

  /**
   * Even missing rights may come back, and a migration whose record could not be written for good
   * would end in the middle of whatever it does, a rollback included.
   */
  private static ApplicationFailure triedAgain(ApplicationFailure failure) {
    return ApplicationFailure.newFailure(failure.getOriginalMessage(), failure.getType());
  }

  private static AuditEntry line(MigrationContext context, Entry entry) {
    return new AuditEntry(
        context.migrationId(),
        context.tenant(),
        entry.key(),
        entry.phase(),
        entry.event(),
        entry.outcome(),
        entry.details());
  }
}
