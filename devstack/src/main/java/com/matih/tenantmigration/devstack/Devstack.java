package com.matih.tenantmigration.devstack;

import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.Sides;
import com.matih.tenantmigration.devstack.sample.SampleConfigs;
import com.matih.tenantmigration.devstack.sample.SampleData;
import com.matih.tenantmigration.devstack.sample.SampleDatabase;
import com.matih.tenantmigration.devstack.sample.SampleRequests;
import com.matih.tenantmigration.devstack.sample.SampleSeed;
import com.matih.tenantmigration.devstack.sample.SampleSize;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.devstack.services.SampleServices;
import com.matih.tenantmigration.devstack.services.TenantRoutes;
import com.matih.tenantmigration.embedded.Temporal;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.validation.RequestSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;

/**
 * The whole platform on one machine but for the worker: both sides' servers, the control plane, and
 * the sample tenants with the services that serve them.
 */
public final class Devstack implements AutoCloseable {

  private final DevstackSettings settings;
  private final Terminal terminal;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final DevstackServers servers;
  private final Sides sides;
  private final ControlPlane controlPlane;
  private final TenantRoutes routes;
  private final SampleServices services;
  private final WorkerFile workerFile;
  private final DevstackEnvironment environment;

  private Devstack(DevstackSettings settings, Terminal terminal, FolderLock lock) {
    this.settings = settings;
    this.terminal = terminal;
    opened.push(lock);
    try {
      terminal.heading("Starting servers");
      servers =
          opened(
              DevstackServers.start(
                  settings.logs(),
                  settings.temporalAddress(),
                  server -> terminal.done(server.name(), server.startTime())));
      terminal.line("  Temporal is " + servers.temporal().description());
      servers.temporal().ui().ifPresent(ui -> terminal.line("  and shows everything at " + ui));
      sides = servers.sides();
      Databases.execute(
          sides.shared(), "postgres", "CREATE DATABASE " + DevstackEnvironment.CONTROL_DATABASE);
      SampleDatabase.create(sides.shared());
      controlPlane = opened(openControlPlane(sides.shared()));
      controlPlane.upgrade();
      settings.sample().ifPresent(this::seed);
      routes = opened(TenantRoutes.follow(controlUrl(), sides));
      services = opened(SampleServices.start(routes));
      workerFile = newWorkerFile();
      environment =
          DevstackEnvironment.of(
              sides,
              servers.temporal(),
              services.environment(),
              workerFile.metricsAddress(),
              settings.workerConfiguration().toAbsolutePath());
      writeFiles();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts everything and returns when all answers; what was started is ended where that fails.
   *
   * @throws DevstackException if another devstack runs in the folder
   * @throws java.io.UncheckedIOException if the folder cannot be used
   * @throws com.matih.tenantmigration.embedded.tools.MissingToolException if the machine lacks a
   *     program
   * @throws com.matih.tenantmigration.embedded.process.ServerStartException if a server does not
   *     come up
   */
  public static Devstack start(DevstackSettings settings, Terminal terminal) {
    FolderLock lock;
    try {
      Files.createDirectories(settings.directory());
      Files.createDirectories(settings.secrets());
      lock = FolderLock.take(settings.directory());
      Files.deleteIfExists(environmentFile(settings));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the folder " + settings.directory(), e);
    }
    return new Devstack(settings, terminal, lock);
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.push(resource);
    return resource;
  }

  private static ControlPlane openControlPlane(Side shared) {
    return ControlPlane.open(
        shared.jdbcUrl(DevstackEnvironment.CONTROL_DATABASE), shared.pgUser(), shared.pgPassword());
  }

  private void seed(SampleSize size) {
    terminal.heading(
        "Loading %s sample tenants into the shared cluster"
            .formatted(size.tenants().size() == 2 ? "two" : size.tenants().size()));
    new SampleData(sides.shared(), SampleSeed.today(size)).load(terminal::done);
    for (SampleTenant tenant : size.tenants()) {
      controlPlane
          .tenantConfigs()
          .add(SampleConfigs.shared(tenant, settings.isolation(), sides.shared()));
    }
  }

  private void writeFiles() {
    try {
      Files.createDirectories(settings.snapshots());
      Files.createDirectories(settings.directory().resolve("requests"));
      Files.writeString(settings.workerConfiguration(), workerFile.yaml());
      // the requests name it in their first line
      Files.writeString(settings.directory().resolve("request.schema.json"), RequestSchema.json());
      for (SampleTenant tenant : SampleTenant.USUAL) {
        for (Isolation isolation : Isolation.values()) {
          Files.writeString(requestFile(tenant, isolation), request(tenant, isolation));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write into " + settings.directory(), e);
    }
  }

  /** Writes {@code devstack.env}, readable by this user alone: who sees it may begin. */
  public void writeEnvironment() {
    PrivateFile.write(environmentFile(settings), environment.file());
  }

  private static Path environmentFile(DevstackSettings settings) {
    return settings.directory().resolve("devstack.env");
  }

  private Path requestFile(SampleTenant tenant, Isolation isolation) {
    String kind = isolation.name().toLowerCase(Locale.ROOT);
    return settings.directory().resolve("requests/%s-%s.yaml".formatted(tenant.id(), kind));
  }

  /** The request that moves acme, as YAML. */
  public String request(Isolation isolation) {
    return request(SampleTenant.ACME, isolation);
  }

  private String request(SampleTenant tenant, Isolation isolation) {
    return new SampleRequests(sides, settings.snapshots())
        .yaml(tenant, isolation, services.healthEndpoints(tenant));
  }

  public DevstackSettings settings() {
    return settings;
  }

  public Sides sides() {
    return sides;
  }

  public Temporal temporal() {
    return servers.temporal();
  }

  /**
   * Ends a server in its orderly way and starts it again with what it had written to its files.
   *
   * @param name such as {@code shared-postgres}
   */
  public void restart(String name) {
    servers.restart(name);
  }

  public ControlPlane controlPlane() {
    return controlPlane;
  }

  public TenantRoutes routes() {
    return routes;
  }

  public SampleServices services() {
    return services;
  }

  /** The configuration of the devstack's worker. */
  WorkerFile workerFile() {
    return workerFile;
  }

  /** A configuration for one more worker. */
  WorkerFile newWorkerFile() {
    return WorkerFile.of(
        servers.temporal(), controlUrl(), sides.shared().pgUser(), settings.secrets());
  }

  /** All variables of {@code devstack.env}. */
  public Map<String, String> environment() {
    return environment.variables();
  }

  private String controlUrl() {
    return sides.shared().jdbcUrl(DevstackEnvironment.CONTROL_DATABASE);
  }

  /** Ends everything that runs, in the reverse order of its start. */
  @Override
  public synchronized void close() {
    RuntimeException first = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        if (first == null) {
          first = new IllegalStateException("a part of the devstack did not end", e);
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
