package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.controlplane.Migrations;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.TemporalNames;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.failure.ApplicationFailure;

/**
 * Keeps a run of a migration that has ended from touching anything: before each activity of a
 * migration's workflow, whichever it is, the control plane is asked. A completed run that somebody
 * resets in Temporal would else copy, check, roll back and drop what the tenant works with.
 *
 * <p>Where the control plane cannot be asked the activity is not run either, and tried again.
 */
final class EndedMigrations extends WorkerInterceptorBase {

  private final Migrations migrations;

  EndedMigrations(Migrations migrations) {
    this.migrations = migrations;
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new AskedFirst(next);
  }

  private final class AskedFirst extends ActivityInboundCallsInterceptorBase {

    private boolean asks = true;
    private String runId = "";

    AskedFirst(ActivityInboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public void init(ActivityExecutionContext context) {
      ActivityInfo info = context.getInfo();
      runId = String.valueOf(info.getWorkflowRunId());
      asks =
          TemporalNames.WORKFLOW_TYPE.equals(info.getWorkflowType())
              && !info.getActivityType().equals(Step.READ_RECORDED.activity());
      super.init(context);
    }

    @Override
    public ActivityOutput execute(ActivityInput input) {
      if (asks) {
        requireNotEnded(migrationId(input.getArguments()[0]));
      }
      return super.execute(input);
    }

    private static String migrationId(Object first) {
      return first instanceof MigrationContext context ? context.migrationId() : (String) first;
    }

    private void requireNotEnded(String migrationId) {
      try {
        migrations.requireNotEnded(migrationId, runId);
      } catch (MigrationException e) {
        throw e.type() == FailureType.MIGRATION_ENDED
            ? ApplicationFailure.newNonRetryableFailure(e.getMessage(), e.type().name())
            : ApplicationFailure.newFailure(e.getMessage(), e.type().name());
      }
    }
  }
}
