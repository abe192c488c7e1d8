package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.Temporal;
import com.matih.tenantmigration.embedded.testing.LentTemporal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.starter.cli.TenantMigrationCommand;
import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.worker.WorkerConfiguration.ControlPlaneDatabase;
import com.matih.tenantmigration.worker.WorkerConfiguration.Hosts;
import com.matih.tenantmigration.worker.WorkerConfiguration.Http;
import com.matih.tenantmigration.worker.WorkerConfiguration.References;
import com.matih.tenantmigration.worker.WorkerConfiguration.TemporalService;
import com.matih.tenantmigration.worker.WorkerConfiguration.Versioning;
import io.temporal.common.interceptors.WorkerInterceptor;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** A worker, its Temporal and its control plane, with the command line in front of them. */
final class TestPlatform implements AutoCloseable {

  /** The variables that the worker has here, and those that a test names itself. */
  private static final Reach DEFAULT_REACH =
      new Reach(
          new References(List.of("TEST_*", "CONTROL_*", "SHARED_*", "DEDICATED_*"), null),
          new Hosts(null, null),
          Map.of());

  private final PostgresServer server;
  private final String database = "control_" + UUID.randomUUID().toString().replace("-", "");
  private final ControlPlane controlPlane;
  private final Temporal temporal;
  private final Runnable giveBack;
  private final Reach reach;
  private final List<WorkerProcess> workers = new ArrayList<>();
  private final List<WorkerInterceptor> interceptors;

  TestPlatform() throws SQLException {
    this(TestServers.postgres());
  }

  /** One on a Temporal of its own, whose first worker is of that release. */
  TestPlatform(Temporal temporal, @Nullable Versioning versioning) throws SQLException {
    this(temporal, () -> {}, versioning, TestServers.postgres(), List.of(), DEFAULT_REACH);
  }

  /** One whose control plane lies on that server. */
  TestPlatform(PostgresServer server) throws SQLException {
    this(LentTemporal.borrow(), server, List.of(), DEFAULT_REACH);
  }

  /** One whose workers are watched. */
  static TestPlatform with(List<WorkerInterceptor> interceptors) throws SQLException {
    return with(interceptors, DEFAULT_REACH);
  }

  /** One whose workers are watched, and let requests reach what is given. */
  static TestPlatform with(List<WorkerInterceptor> interceptors, Reach reach) throws SQLException {
    return new TestPlatform(LentTemporal.borrow(), TestServers.postgres(), interceptors, reach);
  }

  /** One whose workers let requests reach what is given. */
  static TestPlatform reaching(Reach reach) throws SQLException {
    return with(List.of(), reach);
  }

  /**
   * What a worker lets requests reach.
   *
   * @param variables the worker's environment, beside what leads to the control plane
   */
  record Reach(References references, Hosts hosts, Map<String, String> variables) {}

  private TestPlatform(
      LentTemporal lent, PostgresServer server, List<WorkerInterceptor> interceptors, Reach reach)
      throws SQLException {
    this(lent.server(), lent::close, null, server, interceptors, reach);
  }

  private TestPlatform(
      Temporal temporal,
      Runnable giveBack,
      @Nullable Versioning versioning,
      PostgresServer server,
      List<WorkerInterceptor> interceptors,
      Reach reach)
      throws SQLException {
    this.temporal = temporal;
    this.giveBack = giveBack;
    this.server = server;
    this.interceptors = interceptors;
    this.reach = reach;
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl("postgres"), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + database);
    }
    controlPlane = ControlPlane.open(server.jdbcUrl(database), server.user(), server.password());
    var unused = startWorker(versioning);
  }

  /** A new worker process beside, or after, the first one. */
  WorkerProcess startWorker() {
    return startWorker(null);
  }

  /** The same, of that release. */
  WorkerProcess startWorker(@Nullable Versioning versioning) {
    return startWorker(new TemporalService(temporal.address(), null), versioning);
  }

  /** The same, of which the configuration names the Temporal. */
  WorkerProcess startWorker(TemporalService service, @Nullable Versioning versioning) {
    WorkerConfiguration configuration =
        new WorkerConfiguration(
            service,
            new ControlPlaneDatabase(
                server.jdbcUrl(database), server.user(), "${env:CONTROL_PG_PASSWORD}"),
            new Http(null, 0),
            null,
            Duration.ofSeconds(20),
            null,
            reach.references(),
            reach.hosts(),
            versioning,
            null);
    Map<String, String> environment = new HashMap<>(Temporal.NO_PROFILE);
    environment.put("CONTROL_PG_PASSWORD", server.password());
    environment.put("SHARED_PG_PASSWORD", OneTable.PASSWORD);
    environment.put("DEDICATED_PG_PASSWORD", OneTable.PASSWORD);
    environment.put("SHARED_SUPERUSER_PASSWORD", TestServers.postgres().password());
    environment.put("DEDICATED_SUPERUSER_PASSWORD", TestServers.dedicatedPostgres().password());
    environment.putAll(reach.variables());
    WorkerProcess worker = WorkerProcess.start(configuration, environment, interceptors);
    workers.add(worker);
    return worker;
  }

  /** The one that was started last. */
  WorkerProcess worker() {
    return workers.get(workers.size() - 1);
  }

  Temporal temporal() {
    return temporal;
  }

  ControlPlane controlPlane() {
    return controlPlane;
  }

  void addTenant(String tenant) {
    controlPlane
        .tenantConfigs()
        .add(
            new TenantConfig(
                tenant,
                "STARTER",
                State.ACTIVE,
                null,
                null,
                TestServers.kafka().bootstrapServers(),
                null,
                null,
                1,
                Instant.EPOCH));
  }

  /** Runs a command of the operators' command line. */
  Answer run(String... arguments) {
    return run(Map.of(), arguments);
  }

  /** The same with more variables. */
  Answer run(Map<String, String> variables, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();
    Map<String, String> environment = new HashMap<>(Temporal.NO_PROFILE);
    environment.put("TEMPORAL_ADDRESS", temporal.address());
    environment.put("CONTROL_PG_JDBC", server.jdbcUrl(database));
    environment.put("CONTROL_PG_USER", server.user());
    environment.put("CONTROL_PG_PASSWORD", server.password());
    environment.putAll(variables);
    CommandLine commandLine =
        new CommandLine(new TenantMigrationCommand(environment, Screen.NONE))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(errors));
    int code = TenantMigrationCommand.execute(commandLine, arguments);
    return new Answer(code, out.toString(), errors.toString());
  }

  /** What a command did. */
  record Answer(int code, String out, String errors) {}

  @Override
  public void close() {
    workers.forEach(WorkerProcess::close);
    controlPlane.close();
    giveBack.run();
  }
}
