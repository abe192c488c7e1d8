package com.matih.tenantmigration.benchmarks.postgres;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.FileSnapshotStorage;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.PostgresTenantLeak;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.activities.postgres.copy.RowCopier;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.schema.DatabaseFinisher;
import com.matih.tenantmigration.activities.postgres.schema.SchemaCreator;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotSealer;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotTaker;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.benchmarks.stores.OwnDatabase;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import com.matih.tenantmigration.workflow.request.validation.RequestReading;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * This program's engines as the activities run them from SNAPSHOT to the sealed snapshot, and then
 * the checks of rows that VERIFY runs at the same time.
 */
final class OwnEngines implements Contender {

  static final String NAME = "ours";
  static final String CHECKS = NAME + ": checks";

  private static final String TARGET_SCHEMA = "public";
  private static final String SHARED_PASSWORD = "SHARED_PG_PASSWORD";
  private static final String DEDICATED_PASSWORD = "DEDICATED_PG_PASSWORD";

  private final SharedDatabase shared;
  private final PostgresConnections connections;
  private final ClientPrograms programs = new ClientPrograms();
  private final AtomicInteger migrations = new AtomicInteger();

  OwnEngines(SharedDatabase shared, Database dedicated) {
    this.shared = shared;
    this.connections =
        new PostgresConnections(
            SecretResolver.ofOperator(name -> password(name, shared.database(), dedicated)));
  }

  private static @Nullable String password(String name, Database shared, Database dedicated) {
    return switch (name) {
      case SHARED_PASSWORD -> shared.server().password();
      case DEDICATED_PASSWORD -> dedicated.server().password();
      default -> null;
    };
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String targetSchema() {
    return TARGET_SCHEMA;
  }

  @Override
  public List<Step> steps(Database target, Path scratch) throws SQLException {
    // PROVISION creates the ledger with the database
    try (Connection connection = target.connect()) {
      Ledger.create(connection);
    }
    MigrationContext context =
        new MigrationContext(
            "%012x".formatted(migrations.incrementAndGet()),
            "tenant-migration-benchmark",
            "run",
            request(target, scratch));
    SnapshotStorage snapshot =
        FileSnapshotStorage.at(context.request().snapshot().location() + "/snapshot");
    return List.of(
        new Step(NAME, true, () -> copy(context, snapshot)),
        new Step(CHECKS, true, () -> check(context, snapshot)));
  }

  private MigrationRequest request(Database target, Path scratch) {
    RequestReading reading =
        new RequestReader(new YAMLFactory())
            .read(
                """
                tenant: benchmark
                mode: offline
                tenantKey: %s
                tier: {from: STARTER, to: ENTERPRISE}
                snapshot: {location: "file:%s"}
                postgres:
                  source: {url: "%s", user: %s, password: "${env:%s}"}
                  target: {url: "%s", user: %s, password: "${env:%s}"}
                  sourceSchema: %s
                  targetSchema: %s
                %s
                """
                    .formatted(
                        shared.tenantKey(),
                        scratch,
                        shared.database().server().jdbcUrl(shared.database().name()),
                        shared.database().server().user(),
                        SHARED_PASSWORD,
                        target.server().jdbcUrl(target.name()),
                        target.server().user(),
                        DEDICATED_PASSWORD,
                        shared.schema(),
                        TARGET_SCHEMA,
                        isolation()));
    return reading
        .request()
        .orElseThrow(
            () ->
                new BenchmarkException("The benchmark's request is wrong: " + reading.problems()));
  }

  private String isolation() {
    return switch (shared.settings().isolation()) {
      case ROWS -> "  isolation: rows\n  tenantColumn: tenant_id";
      case SCHEMA -> "  isolation: schema";
    };
  }

  private void copy(MigrationContext context, SnapshotStorage snapshot) throws SQLException {
    ProgressMonitor monitor = ProgressMonitor.unmonitored();
    new SnapshotTaker(connections, programs).take(context, catalog(context), snapshot, monitor);
    new SchemaCreator(connections, programs, new OwnDatabase()).create(context, snapshot, monitor);
    var unusedRows =
        new RowCopier(connections, programs)
            .copy(context, catalog(context).requireMovable(), snapshot, monitor);
    var unusedEpoch =
        new DatabaseFinisher(connections, programs).finish(context, snapshot, monitor);
    new SnapshotSealer(connections).seal(context, snapshot, monitor);
  }

  /** Each activity reads them anew. */
  private TenantTables catalog(MigrationContext context) throws SQLException {
    try (Connection connection =
        DatabaseAccess.source(connections, context).openShort("read catalog")) {
      return TenantCatalog.read(connection, context.request());
    }
  }

  private void check(MigrationContext context, SnapshotStorage snapshot)
      throws InterruptedException {
    ProgressMonitor monitor = ProgressMonitor.unmonitored();
    TableComparison tables = new TableComparison(connections, unused -> snapshot);
    PostgresTenantLeak leak = new PostgresTenantLeak(connections);
    List<Callable<Map<CheckName, Finding>>> checks =
        List.of(
            () -> tables.rows(context, monitor),
            () -> Map.of(CheckName.TENANT_LEAK, leak.findForeign(context, monitor)));
    ExecutorService threads = Executors.newFixedThreadPool(checks.size());
    try {
      List<Future<Map<CheckName, Finding>>> running = checks.stream().map(threads::submit).toList();
      for (Future<Map<CheckName, Finding>> check : running) {
        check.get().forEach((name, finding) -> requirePassed(finding.toResult(name)));
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new BenchmarkException("A check could not be run.", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static void requirePassed(CheckResult result) {
    if (result.status() != CheckResult.Status.PASSED) {
      throw new BenchmarkException(
          "After a copy of ours %s is %s: %s"
              .formatted(result.check(), result.status(), result.mismatches()));
    }
  }
}
