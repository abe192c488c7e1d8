package com.matih.tenantmigration.activities.tenantconfig;

import com.matih.tenantmigration.activities.engine.throttle.ThrottleNote;
import com.matih.tenantmigration.activities.temporal.ActivityRunner;
import com.matih.tenantmigration.controlplane.AuditEntry;
import com.matih.tenantmigration.controlplane.AuditTrail;
import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.controlplane.Migrations;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.activity.RecordActivities;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import java.util.List;
import java.util.Set;

/** The migration's record and audit trail as an activity. */
public final class RecordActivitiesImpl implements RecordActivities {

  private final Migrations migrations;
  private final AuditTrail audit;
  private final ThrottleNote throttle;
  private final RecordListener listener;

  /**
   * Activities that write to a control plane.
   *
   * @param listener learns what was written
   */
  public RecordActivitiesImpl(ControlPlane controlPlane, RecordListener listener) {
    this.migrations = controlPlane.migrations();
    this.audit = controlPlane.auditTrail();
    this.throttle = new ThrottleNote(controlPlane.journal());
    this.listener = listener;
  }

  @Override
  public void record(
      MigrationContext context, Phase phase, MigrationReport report, List<Entry> entries) {
    List<AuditEntry> lines =
        entries.stream()
            .map(entry -> line(context.migrationId(), context.tenant(), entry))
            .toList();
    ActivityRunner.run(
        context,
        monitor -> {
          Set<String> added =
              context.repair()
                  ? migrations.amend(phase, report, lines, context.runId())
                  : migrations.keep(phase, report, lines);
          listener.recorded(
              report, entries.stream().filter(entry -> added.contains(entry.key())).toList());
        });
  }

  @Override
  public void recordEntries(String migrationId, String tenant, List<Entry> entries) {
    ActivityRunner.run(
        migrationId,
        tenant,
        monitor -> entries.forEach(entry -> audit.append(line(migrationId, tenant, entry))));
  }

  @Override
  public void keepThrottle(MigrationContext context, ThrottleSpec next) {
    ActivityRunner.run(context, monitor -> throttle.keep(context.migrationId(), next));
  }

  @Override
  public MigrationReport recordedReport(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> ended(context.migrationId()));
  }

  private MigrationReport ended(String migrationId) {
    return migrations
        .find(migrationId)
        .map(MigrationRecord::report)
        .filter(report -> report.outcome() != Outcome.RUNNING)
        .orElseThrow(
            () ->
                new MigrationException(
                    FailureType.UNEXPECTED,
                    "The record of migration %s does not say how it ended."
                        .formatted(migrationId)));
  }

  private static AuditEntry line(String migrationId, String tenant, Entry entry) {
    return new AuditEntry(
        migrationId,
        tenant,
        entry.key(),
        entry.phase(),
        entry.event(),
        entry.outcome(),
        entry.details());
  }
}
