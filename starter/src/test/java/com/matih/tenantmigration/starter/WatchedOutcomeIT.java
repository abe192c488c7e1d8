package com.matih.tenantmigration.starter;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With which code {@code status --watch} ends: that of {@code start --wait}. */
class WatchedOutcomeIT {

  private final IdlePlatform platform = new IdlePlatform();
  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void aMigrationThatIsRolledBackWhileItIsWatchedEndsTheWatchWithFour() throws Exception {
    platform.startWorker();
    StartedMigration started = platform.migrations().start(IdlePlatform.request(tenant));
    platform.record(tenant, started.migrationId(), started.runId(), Phase.COPY, Outcome.RUNNING);
    CompletableFuture<IdlePlatform.Answer> watch =
        CompletableFuture.supplyAsync(() -> platform.run("status", tenant, "--watch"));
    Thread.sleep(2_000);
    assertThat(watch).isNotDone();

    platform.record(
        tenant, started.migrationId(), started.runId(), Phase.ROLLED_BACK, Outcome.ROLLED_BACK);
    end();

    IdlePlatform.Answer watched = watch.get(60, TimeUnit.SECONDS);
    assertThat(watched.code()).as(watched.toString()).isEqualTo(4);
    assertThat(watched.out()).contains("rolled back; everything is as it was before");
  }

  @ParameterizedTest
  @CsvSource({
    "COMPLETED, COMPLETED, 0",
    "REFUSED, REFUSED, 3",
    "ROLLED_BACK, ROLLED_BACK, 4",
    "ROLLBACK_INCOMPLETE, ROLLBACK_INCOMPLETE, 5"
  })
  void aMigrationThatHasEndedJustBeforeIsNoOtherOutcome(Phase last, Outcome outcome, int code) {
    platform.record(
        tenant,
        UUID.randomUUID().toString().substring(24),
        UUID.randomUUID().toString(),
        last,
        outcome);

    for (String format : new String[] {"text", "json"}) {
      assertThat(platform.run("status", tenant, "--watch", "--output", format).code())
          .as(format)
          .isEqualTo(code);
    }
    assertThat(platform.run("status", tenant).code()).as("a look alone").isZero();
  }

  private void end() {
    platform
        .client()
        .newUntypedWorkflowStub(TemporalNames.workflowId(tenant))
        .signal("approve", "ada");
    var unused =
        platform
            .client()
            .newUntypedWorkflowStub(TemporalNames.workflowId(tenant))
            .getResult(MigrationReport.class);
  }
}
