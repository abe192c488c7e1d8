package com.matih.tenantmigration.workflow.log;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.activity.RecordActivities;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** How a migration ended that another run of it has brought to its end. */
public final class RecordedOutcome {

  private RecordedOutcome() {}

  /**
   * Reads it, in a scope that no cancel reaches, and tries until it can be read; not within the
   * workflow task, which would have to be renewed, with three events each time.
   */
  public static MigrationReport read(MigrationContext context) {
    RecordActivities controlPlane =
        Workflow.newActivityStub(
            RecordActivities.class,
            ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofSeconds(20))
                .setRetryOptions(
                    RetryOptions.newBuilder().setMaximumInterval(Duration.ofSeconds(10)).build())
                .setSummary(Step.READ_RECORDED.summary())
                .build());
    CompletablePromise<MigrationReport> report = Workflow.newPromise();
    Workflow.newDetachedCancellationScope(
            () -> report.complete(controlPlane.recordedReport(context)))
        .run();
    return report.get();
  }
}
