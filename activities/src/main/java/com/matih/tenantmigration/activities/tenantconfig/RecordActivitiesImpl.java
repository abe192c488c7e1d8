package com.matih.tenantmigration.activities.tenantconfig;

import com.matih.tenantmigration.activities.temporal.ActivityRunner;
import com.matih.tenantmigration.controlplane.AuditEntry;
import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.Migrations;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.activity.RecordActivities;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.util.List;

/** The migration's record and audit trail as an activity. */
public final class RecordActivitiesImpl implements RecordActivities {

  private final Migrations migrations;

  public RecordActivitiesImpl(ControlPlane controlPlane) {
    this.migrations = controlPlane.migrations();
  }

  @Override
  public void record(
      MigrationContext context, Phase phase, MigrationReport report, List<Entry> entries) {
    List<AuditEntry> lines = entries.stream().map(entry -> line(context, entry)).toList();
    ActivityRunner.run(context, monitor -> migrations.keep(phase, report, lines));
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
