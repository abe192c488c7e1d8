package com.matih.tenantmigration.activities.tenantconfig;

import com.matih.tenantmigration.activities.temporal.ActivityRunner;
import com.matih.tenantmigration.controlplane.AuditEntry;
import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.Migrations;
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
  public void record(Phase phase, MigrationReport report, List<Entry> entries) {
    List<AuditEntry> lines = entries.stream().map(entry -> line(report, entry)).toList();
    ActivityRunner.run(
        report.tenant(), report.migrationId(), monitor -> migrations.keep(phase, report, lines));
  }

  private static AuditEntry line(MigrationReport report, Entry entry) {
    return new AuditEntry(
        report.migrationId(),
        report.tenant(),
        entry.key(),
        entry.phase(),
        entry.event(),
        entry.outcome(),
        entry.details());
  }
}
