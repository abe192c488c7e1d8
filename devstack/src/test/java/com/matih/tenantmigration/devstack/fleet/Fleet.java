package com.matih.tenantmigration.devstack.fleet;

import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.devstack.Devstack;
import com.matih.tenantmigration.devstack.DevstackSettings;
import com.matih.tenantmigration.devstack.Terminal;
import com.matih.tenantmigration.devstack.WorkerChild;
import com.matih.tenantmigration.devstack.clusters.Sides;
import com.matih.tenantmigration.devstack.sample.SampleSize;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.starter.TemporalService;
import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Many tenants on one platform with two workers, each a process with a heap of 512 MB. */
final class Fleet implements AutoCloseable {

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Devstack devstack;
  private final List<WorkerChild> workers = new ArrayList<>();
  private final TenantMigrations migrations;
  private final FleetRequests requests;
  private final Map<String, CompletableFuture<MigrationReport>> outcomes =
      new ConcurrentHashMap<>();

  Fleet(Path directory, SampleSize size) throws IOException {
    DevstackSettings settings =
        new DevstackSettings(directory, Optional.of(size), Isolation.ROWS, Optional.empty());
    devstack = opened(Devstack.start(settings, new Terminal(new PrintWriter(new StringWriter()))));
    for (int number = 1; number <= 2; number++) {
      workers.add(opened(WorkerChild.startAnother(devstack, "worker-" + number)));
    }
    TemporalService temporal = opened(TemporalService.connect(devstack.environment()));
    migrations = new TenantMigrations(temporal.client(), devstack.controlPlane());
    requests = new FleetRequests(sides(), directory.resolve("snapshots"), startHealthyService());
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.push(resource);
    return resource;
  }

  private String startHealthyService() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    AutoCloseable stop = () -> server.stop(0);
    opened.push(stop);
    return "http://127.0.0.1:%d/health".formatted(server.getAddress().getPort());
  }

  /** Starts a tenant's migration. */
  void migrate(SampleTenant tenant) {
    var unused = migrations.start(requests.request(tenant));
    outcomes.put(tenant.id(), migrations.outcome(tenant.id()));
  }

  /** The outcome of a tenant's migration, once it has ended. */
  CompletableFuture<MigrationReport> outcome(SampleTenant tenant) {
    return outcomes.get(tenant.id());
  }

  /** The tenants whose migrations have not ended. */
  List<String> running() {
    return outcomes.entrySet().stream()
        .filter(outcome -> !outcome.getValue().isDone())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  TenantMigrations migrations() {
    return migrations;
  }

  /** Whether Temporal is the in-memory server. */
  boolean isInMemory() {
    return devstack.temporal().inMemory();
  }

  Sides sides() {
    return devstack.sides();
  }

  TenantConfig config(SampleTenant tenant) {
    return devstack.controlPlane().tenantConfigs().find(tenant.id()).orElseThrow();
  }

  List<WorkerChild> workers() {
    return workers;
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("a part of the fleet did not end", e);
      }
    }
  }
}
