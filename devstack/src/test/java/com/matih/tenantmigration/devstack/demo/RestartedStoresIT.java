package com.matih.tenantmigration.devstack.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.devstack.Devstack;
import com.matih.tenantmigration.devstack.WorkerChild;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.sample.SampleDatabase;
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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tenant moves while it works, and in each phase that is the online way's one of the stores is
 * restarted. {@code -Drestart.turn=N} gives each phase the store N places on, so that ten runs
 * restart every store in every phase.
 */
class RestartedStoresIT {

  private static final Logger log = LoggerFactory.getLogger(RestartedStoresIT.class);
  private static final String ACME = SampleTenant.ACME.id();
  private static final int TURN = Integer.getInteger("restart.turn", 0);

  private static final List<Phase> PHASES =
      List.of(Phase.CAPTURE, Phase.COPY, Phase.CATCH_UP, Phase.VERIFY, Phase.FENCE, Phase.DRAIN);

  private static final List<String> STORES =
      List.of(
          "shared-postgres",
          "dedicated-elasticsearch",
          "shared-kafka",
          "dedicated-postgres",
          "dedicated-kafka",
          "shared-elasticsearch",
          "shared-s3",
          "dedicated-redis",
          "dedicated-s3",
          "shared-redis");

  /** What a migration that was rolled back may not have left in the shared database. */
  private static final String TRACES =
      """
      SELECT (SELECT count(*) FROM pg_trigger WHERE tgname LIKE '%tenant_migration%')
           + (SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
               WHERE n.nspname LIKE 'tenant_migration%')
           + (SELECT count(*) FROM pg_proc AS f JOIN pg_namespace AS n ON n.oid = f.pronamespace
               WHERE n.nspname LIKE 'tenant_migration%')
      """;

  @TempDir private static Path directory;

  @Test
  void nothingIsLostOrDoubledWhateverStoreIsRestartedInAPhase() throws Exception {
    try (DemoStack stack = new DemoStack(directory, Isolation.ROWS);
        WorkerChild worker = WorkerChild.start(stack.devstack());
        TemporalService temporal = TemporalService.connect(stack.devstack().environment());
        Traffic own = Traffic.start(stack.devstack().routes(), SampleTenant.ACME);
        Traffic neighbour = Traffic.start(stack.devstack().routes(), SampleTenant.GLOBEX)) {
      Devstack devstack = stack.devstack();
      TenantMigrations migrations =
          new TenantMigrations(temporal.client(), devstack.controlPlane());
      DemoStack.awaitMore(own);
      var unused =
          migrations.start(
              new RequestReader(new YAMLFactory())
                  .read(devstack.request(Isolation.ROWS))
                  .request()
                  .orElseThrow()
                  .in(Mode.ONLINE));
      List<Phase> begunIn = new ArrayList<>();
      for (int i = 0; i < PHASES.size(); i++) {
        awaitPhase(devstack, PHASES.get(i));
        String store = STORES.get((i + TURN) % STORES.size());
        begunIn.add(phase(devstack).orElseThrow());
        log.info("restarting {} in {}", store, begunIn.get(i));
        devstack.restart(store);
      }
      MigrationReport report = migrations.awaitOutcome(ACME);
      DemoStack.awaitMore(own);
      own.close();
      neighbour.close();

      log.info("{} after {}", report.outcome(), report.failure());
      assertThat(report.outcome()).isIn(Outcome.COMPLETED, Outcome.ROLLED_BACK);
      if (report.outcome() == Outcome.COMPLETED) {
        assertThat(OutcomeClaims.allChecksPassed(report).holds()).isTrue();
        assertThat(begunIn).as("phases of the restarts").doesNotContain(Phase.COMPLETED);
        assertThat(begunIn.subList(0, 4)).isEqualTo(PHASES.subList(0, 4));
      } else {
        assertThat(traces(devstack.sides().shared())).isZero();
      }
      assertThat(
              TrafficCheck.differences(own, devstack.routes().of(SampleTenant.ACME).orElseThrow()))
          .isEmpty();
      assertThat(
              TrafficCheck.differences(
                  neighbour, devstack.routes().of(SampleTenant.GLOBEX).orElseThrow()))
          .isEmpty();
      assertThat(worker.handle().isAlive()).isTrue();
    }
  }

  private static long traces(Side shared) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                shared.jdbcUrl(SampleDatabase.DATABASE), shared.pgUser(), shared.pgPassword());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(TRACES)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** One that was left before it was seen counts as entered. */
  private static void awaitPhase(Devstack devstack, Phase phase) {
    await()
        .atMost(Duration.ofMinutes(4))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions() // the control plane restarts with the shared database
        .until(() -> phase(devstack).filter(at -> hasCome(at, phase)).isPresent());
  }

  private static Optional<Phase> phase(Devstack devstack) {
    return devstack.controlPlane().migrations().latest(ACME).map(record -> record.phase());
  }

  private static boolean hasCome(Phase at, Phase phase) {
    return PHASES.indexOf(at) >= PHASES.indexOf(phase) || at.compareTo(Phase.CUTOVER) >= 0;
  }
}
