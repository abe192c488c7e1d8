package com.matih.tenantmigration.starter;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.controlplane.AuditEntry;
import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.LentTemporal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.starter.cli.TenantMigrationCommand;
import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.WorkerFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine;

/**
 * Temporal, a control plane of its own, and, where a test wants it, a worker of idle migrations.
 */
final class IdlePlatform implements AutoCloseable {

  private static final String REQUEST =
      """
      tenant: %s
      tier: {from: A, to: B}
      snapshot: {location: "file:/snapshots"}
      elasticsearch:
        source: {url: "http://127.0.0.1:1"}
        target: {url: "http://127.0.0.1:2"}
        indices: [{from: shared, to: own, tenantField: t}]
      """;

  private final PostgresServer server = TestServers.postgres();
  private final String database = "control_" + UUID.randomUUID().toString().replace("-", "");
  private final LentTemporal lent = LentTemporal.borrow();
  private final TemporalService temporal =
      TemporalService.connect(Map.of("TEMPORAL_ADDRESS", temporalAddress()));
  private final WorkerFactory workers = WorkerFactory.newInstance(temporal.client());
  private final ControlPlane controlPlane =
      ControlPlane.open(server.jdbcUrl(database), server.user(), server.password());

  IdlePlatform() {
    execute("CREATE DATABASE " + database);
    controlPlane.upgrade();
  }

  /** The control plane takes no connection until it is {@link #bringBack brought back}. */
  void takeAway() {
    execute("ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
            + database
            + "'");
  }

  void bringBack() {
    execute("ALTER DATABASE " + database + " ALLOW_CONNECTIONS true");
  }

  private void execute(String sql) {
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl("postgres"), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void startWorker() {
    workers
        .newWorker(TemporalNames.TASK_QUEUE)
        .registerWorkflowImplementationTypes(IdleMigration.class);
    workers.start();
  }

  /** Host and port of its Temporal. */
  String temporalAddress() {
    return lent.server().address();
  }

  WorkflowClient client() {
    return temporal.client();
  }

  ControlPlane controlPlane() {
    return controlPlane;
  }

  TenantMigrations migrations() {
    return new TenantMigrations(client(), controlPlane);
  }

  /** Runs a command of the operators' command line. */
  Answer run(String... arguments) {
    return run(temporalAddress(), arguments);
  }

  /** The same, looking for Temporal elsewhere. */
  Answer run(String temporalAddress, String[] arguments) {
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();
    CommandLine commandLine =
        new CommandLine(new TenantMigrationCommand(environment(temporalAddress), Screen.NONE))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(errors));
    int code = TenantMigrationCommand.execute(commandLine, arguments);
    return new Answer(code, out.toString(), errors.toString());
  }

  /** The variables that lead a command here, and to Temporal at an address. */
  Map<String, String> environment(String temporalAddress) {
    return Map.of(
        "TEMPORAL_ADDRESS", temporalAddress,
        "CONTROL_PG_JDBC", server.jdbcUrl(database),
        "CONTROL_PG_USER", server.user(),
        "CONTROL_PG_PASSWORD", server.password());
  }

  /** What a command did. */
  record Answer(int code, String out, String errors) {}

  static MigrationRequest request(String tenant) {
    return new RequestReader(new YAMLFactory())
        .read(REQUEST.formatted(tenant))
        .request()
        .orElseThrow();
  }

  /** Puts on record how a migration stands. */
  void record(String tenant, String migrationId, String runId, Phase phase, Outcome outcome) {
    controlPlane
        .migrations()
        .keep(
            phase,
            new MigrationReport(
                migrationId,
                TemporalNames.workflowId(tenant),
                runId,
                tenant,
                outcome,
                false,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                StoresSummary.NONE,
                List.of(),
                List.of(),
                null,
                null,
                List.of(),
                List.of(),
                null),
            List.of(
                new AuditEntry(
                    migrationId,
                    tenant,
                    phase + "/STARTED",
                    phase,
                    "PHASE",
                    "STARTED",
                    Map.of("outcome", outcome.name()))));
  }

  @Override
  public void close() {
    workers.shutdownNow();
    temporal.close();
    lent.close();
    controlPlane.close();
  }
}
