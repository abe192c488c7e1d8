package com.matih.tenantmigration.devstack.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.devstack.Devstack;
import com.matih.tenantmigration.devstack.WorkerChild;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.devstack.services.Traffic;
import com.matih.tenantmigration.devstack.services.TrafficCheck;
import com.matih.tenantmigration.starter.TemporalService;
import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tenant moves while it works, and the worker is killed in each phase that is the online way's.
 */
class KilledWhileOnlineIT {

  private static final Logger log = LoggerFactory.getLogger(KilledWhileOnlineIT.class);
  private static final String ACME = SampleTenant.ACME.id();
  private static final List<Phase> KILLED_IN =
      List.of(Phase.CAPTURE, Phase.COPY, Phase.CATCH_UP, Phase.VERIFY, Phase.FENCE, Phase.DRAIN);

  @TempDir private static Path directory;

  private static DemoStack stack;
  private static Devstack devstack;
  private static WorkerChild worker;
  private static TemporalService temporal;
  private static TenantMigrations migrations;

  @BeforeAll
  static void start() {
    stack = new DemoStack(directory, Isolation.ROWS);
    devstack = stack.devstack();
    worker = WorkerChild.start(devstack);
    temporal = TemporalService.connect(devstack.environment());
    migrations = new TenantMigrations(temporal.client(), devstack.controlPlane());
  }

  @AfterAll
  static void stop() {
    temporal.close();
    worker.close();
    stack.close();
  }

  @Test
  void nothingIsLostOrDoubledWhateverPhaseTheWorkerDiesIn() throws InterruptedException {
    try (Traffic own = Traffic.start(devstack.routes(), SampleTenant.ACME);
        Traffic neighbour = Traffic.start(devstack.routes(), SampleTenant.GLOBEX)) {
      awaitMore(own);
      migrations.start(
          new RequestReader(new YAMLFactory())
              .read(devstack.request(Isolation.ROWS))
              .request()
              .orElseThrow()
              .in(Mode.ONLINE));
      for (Phase phase : KILLED_IN) {
        awaitPhase(phase);
        log.info("killing the worker in {}", phase);
        assertThat(worker.handle().destroyForcibly()).isTrue();
        worker.close();
        worker = WorkerChild.start(devstack);
      }
      MigrationReport report = migrations.awaitOutcome(ACME);
      awaitMore(own);
      own.close();
      neighbour.close();

      assertThat(report.failure()).isNull();
      assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
      assertThat(OutcomeClaims.allChecksPassed(report).holds()).isTrue();
      assertThat(
              TrafficCheck.differences(own, devstack.routes().of(SampleTenant.ACME).orElseThrow()))
          .isEmpty();
      assertThat(
              TrafficCheck.differences(
                  neighbour, devstack.routes().of(SampleTenant.GLOBEX).orElseThrow()))
          .isEmpty();
      assertThat(neighbour.refused()).isEmpty();
    }
  }

  private static void awaitPhase(Phase phase) {
    await()
        .atMost(Duration.ofMinutes(4))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                devstack
                    .controlPlane()
                    .migrations()
                    .latest(ACME)
                    .filter(record -> record.phase() == phase)
                    .isPresent());
  }

  private static void awaitMore(Traffic traffic) {
    int enough = traffic.acceptedCount() + 40;
    await().atMost(Duration.ofMinutes(1)).until(() -> traffic.acceptedCount() >= enough);
  }
}
