package com.matih.tenantmigration.devstack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.devstack.demo.MonitoringFiles.Query;
import com.matih.tenantmigration.embedded.tools.PrometheusTools;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The whole main job where each tenant has a schema of its own, and what a Prometheus sees of it.
 *
 * <p>The watch shares these migrations, since a devstack takes half a minute to start.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MigrationOfASchemaIT {

  /** The SDK has no series of requests that failed where none did. */
  private static final String NOT_BEFORE_THE_FIRST = "temporal_request_failure_total";

  @TempDir private static Path directory;

  private static DemoStack stack;
  private static Optional<PrometheusWatch> watch = Optional.empty();

  @BeforeAll
  static void start() {
    stack = new DemoStack(directory, Isolation.SCHEMA);
    if (PrometheusTools.areInstalled()) {
      String metrics = stack.devstack().environment().get("WORKER_METRICS");
      watch = Optional.of(new PrometheusWatch(URI.create(metrics)));
    }
  }

  @AfterAll
  static void stop() {
    watch.ifPresent(PrometheusWatch::close);
    stack.close();
  }

  @Order(1)
  @Test
  void aForeignThingThatLeakedInIsFoundAndEverythingIsAsItWas() throws InterruptedException {
    DemoResult result = stack.migrate(Mode.ONLINE, Set.of(CheckName.TENANT_LEAK));

    assertThat(result.broken()).isEmpty();
    assertThat(result.report().outcome()).isEqualTo(Outcome.ROLLED_BACK);
  }

  @Order(2)
  @Test
  void aTenantIsMovedWholeWhileItsNeighbourWrites() throws InterruptedException {
    DemoResult result = stack.migrate(Mode.OFFLINE, Set.of());

    assertThat(result.broken()).isEmpty();
    assertThat(result.report().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Order(3)
  @Test
  @Tag("needs-prometheus")
  void everyQueryOfTheBoardAndEveryMetricOfAnAlertIsAnsweredWithData() {
    List<Query> queries = new ArrayList<>(MonitoringFiles.boardQueries());
    MonitoringFiles.alertSelectors().stream()
        .filter(query -> !query.expression().startsWith(NOT_BEFORE_THE_FIRST))
        .forEach(queries::add);

    assertThat(queries).hasSizeGreaterThan(40);
    assertThat(queries).allSatisfy(query -> assertThat(most(query.expression())).isPresent());
  }

  @Order(4)
  @ParameterizedTest
  @Tag("needs-prometheus")
  @CsvSource(
      delimiter = '|',
      value = {
        "tenant_migration_ended_total{outcome='ROLLED_BACK'}                | 1",
        "tenant_migration_ended_total{outcome='COMPLETED'}                  | 1",
        "tenant_migration_failures_total{type='VERIFICATION_FAILED'}        | 1",
        "tenant_migration_checks_total{check='TENANT_LEAK',status='FAILED'} | 1",
        "tenant_migration_checks_total{check='ROW_CONTENT',status='PASSED'} | 1",
        "tenant_migration_compensations_total{step='DROP_DATABASE',status='DONE'} | 1",
        "tenant_migration_fenced_tenants                                    | 1",
        "tenant_migration_fence_held_seconds                                | 1",
        "sum(tenant_migration_running)                                      | 1",
        "tenant_migration_phase_seconds_count{phase='COPY'}                 | 1",
        "tenant_migration_phase_seconds_count{phase='ROLLING_BACK'}         | 1",
        "tenant_migration_write_fence_seconds_sum{outcome='COMPLETED'}      | 1",
        "tenant_migration_moved_total{store='postgres',unit='rows'}         | 100",
        "tenant_migration_moved_total{store='postgres',unit='bytes'}        | 1000",
        "tenant_migration_moved_total{store='objectStorage',unit='objects'} | 10",
        "tenant_migration_moved_total{store='objectStorage',unit='bytes'}   | 1000",
        "tenant_migration_moved_total{store='kafka',unit='records'}         | 100",
        "tenant_migration_moved_total{store='elasticsearch',unit='documents'} | 100",
        "tenant_migration_moved_total{store='redis',unit='keys'}            | 10",
        "tenant_migration_processed_total{activity='ReplayTopics'}          | 100",
        "ALERTS{alertname='TenantMigrationRolledBack',alertstate='firing'}  | 1",
        "ALERTS{alertname='TenantMigrationVerificationFailed',alertstate='firing'} | 1"
      })
  void prometheusHasSeenWhatHappened(String selector, double atLeast) throws Exception {
    assertThat(most(selector)).isPresent();
    assertThat(most(selector).getAsDouble()).isGreaterThanOrEqualTo(atLeast);
  }

  @Order(5)
  @Test
  @Tag("needs-prometheus")
  void nothingIsAlarmedThatDidNotHappen() throws Exception {
    for (String alert :
        List.of(
            "RollbackIncomplete",
            "RollbackUnresolved",
            "FenceHeldLong",
            "CompensationFailed",
            "ControlPlaneDown")) {
      assertThat(most("ALERTS{alertname='TenantMigration%s'}".formatted(alert))).isEmpty();
    }
  }

  private static OptionalDouble most(String expression) throws IOException, InterruptedException {
    return watch.orElseThrow().most(expression);
  }
}
