package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.starter.text.ExampleReports;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.MigrationStatus;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.Workflow;
import org.jspecify.annotations.Nullable;

/** A migration that moves nothing: it ends when it is approved, and never records a cancel. */
public final class IdleMigration implements TenantMigrationWorkflow {

  private boolean approved;

  @Override
  public MigrationReport migrate(@Nullable RawValue request) {
    Workflow.await(() -> approved);
    return ExampleReports.rolledBack();
  }

  @Override
  public void pause(@Nullable Object reason, @Nullable Object by) {}

  @Override
  public void resume(@Nullable Object by) {}

  @Override
  public void approve(@Nullable Object approver) {
    approved = true;
  }

  @Override
  public void cancelMigration(@Nullable Object reason, @Nullable Object by) {}

  @Override
  public String approveCutover(@Nullable String approver) {
    return "approved by " + approver;
  }

  @Override
  public void validateApproval(@Nullable String approver) {
    if (approver == null || approver.isBlank()) {
      throw new IllegalStateException("Approver name is required.");
    }
  }

  @Override
  public String requestCancel(@Nullable String reason, @Nullable String by) {
    Workflow.await(() -> false);
    return "";
  }

  @Override
  public void validateCancel(@Nullable String reason, @Nullable String by) {}

  @Override
  public void throttle(
      @Nullable Object bytesPerSecond, @Nullable Object maxReplicaLag, @Nullable Object by) {}

  @Override
  public String changeThrottle(
      @Nullable Object bytesPerSecond, @Nullable Object maxReplicaLag, @Nullable String by) {
    return "throttle: %s, %s".formatted(bytesPerSecond, maxReplicaLag);
  }

  @Override
  public void validateThrottle(
      @Nullable Object bytesPerSecond, @Nullable Object maxReplicaLag, @Nullable String by) {}

  @Override
  public MigrationStatus status() {
    return new MigrationStatus(
        Phase.COPY, false, false, false, null, ExampleReports.running(ExampleReports.BEGAN));
  }
}
