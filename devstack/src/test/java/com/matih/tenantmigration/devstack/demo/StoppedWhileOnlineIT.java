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
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tenant moves while it works, and in each phase that is the online way's the worker is killed,
 * or frozen until the next phase, by turns. With {@code -Dfreeze.first=true} it is the other way
 * round.
 */
@Order(1) // it takes long
class StoppedWhileOnlineIT {

  private static final Logger log = LoggerFactory.getLogger(StoppedWhileOnlineIT.class);
  private static final String ACME = SampleTenant.ACME.id();
  private static final List<Phase> STOPPED_IN =
      List.of(Phase.CAPTURE, Phase.COPY, Phase.CATCH_UP, Phase.VERIFY, Phase.FENCE, Phase.DRAIN);

  /** What a worker that goes on has sent late is there by then. */
  private static final Duration LATE = Duration.ofSeconds(10);

  @TempDir private static Path directory;

  private static DemoStack stack;
  private static Devstack devstack;
  private static WorkerChild worker;
  private static Optional<WorkerChild> frozen = Optional.empty();
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
    frozen.ifPresent(WorkerChild::close);
    stack.close();
  }

  @Test
  void nothingIsLostOrDoubledWhateverPhaseTheWorkerIsStoppedIn() throws Exception {
    try (Traffic own = Traffic.start(devstack.routes(), SampleTenant.ACME);
        Traffic neighbour = Traffic.start(devstack.routes(), SampleTenant.GLOBEX)) {
      DemoStack.awaitMore(own);
      migrations.start(
          new RequestReader(new YAMLFactory())
              .read(devstack.request(Isolation.ROWS))
              .request()
              .orElseThrow()
              .in(Mode.ONLINE));
      boolean freezes = Boolean.getBoolean("freeze.first");
      for (Phase phase : STOPPED_IN) {
        awaitPhase(phase);
        stopWorker(phase, freezes);
        freezes = !freezes;
      }
      MigrationReport report = migrations.awaitOutcome(ACME);
      if (frozen.isPresent()) {
        signal(frozen.get(), "CONT");
        Thread.sleep(LATE.toMillis());
      }
      DemoStack.awaitMore(own);
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

  /** The one that was frozen before goes on beside, with what it was about to do. */
  private static void stopWorker(Phase phase, boolean freezes)
      throws IOException, InterruptedException {
    log.info("{} the worker in {}", freezes ? "freezing" : "killing", phase);
    Optional<WorkerChild> goesOn = frozen;
    frozen = Optional.empty();
    if (goesOn.isPresent()) {
      signal(goesOn.get(), "CONT");
    }
    if (freezes) {
      signal(worker, "STOP");
      frozen = Optional.of(worker);
    } else {
      assertThat(worker.handle().destroyForcibly()).isTrue();
      worker.close();
    }
    worker = goesOn.orElseGet(() -> WorkerChild.startAnother(devstack, "worker-after-" + phase));
  }

  private static void signal(WorkerChild whom, String name)
      throws IOException, InterruptedException {
    String pid = String.valueOf(whom.handle().pid());
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
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
}
