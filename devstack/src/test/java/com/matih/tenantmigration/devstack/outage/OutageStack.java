package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.Sides;
import com.matih.tenantmigration.embedded.ElasticsearchServer;
import com.matih.tenantmigration.embedded.EmbeddedServers;
import com.matih.tenantmigration.embedded.KafkaServer;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.RedisServer;
import com.matih.tenantmigration.embedded.S3Server;
import com.matih.tenantmigration.embedded.Temporal;
import com.matih.tenantmigration.embedded.TemporalServer;
import com.matih.tenantmigration.embedded.process.ProcessBackedServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import com.matih.tenantmigration.starter.TemporalService;
import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.worker.WorkerConfiguration;
import com.matih.tenantmigration.worker.WorkerConfiguration.ControlPlaneDatabase;
import com.matih.tenantmigration.worker.WorkerConfiguration.Hosts;
import com.matih.tenantmigration.worker.WorkerConfiguration.Http;
import com.matih.tenantmigration.worker.WorkerConfiguration.Limits;
import com.matih.tenantmigration.worker.WorkerConfiguration.References;
import com.matih.tenantmigration.worker.WorkerProcess;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Real servers of both sides, a Temporal, a control plane and a worker in this JVM, for many small
 * tenants at once. Proxies stand before the stores of a tenant that are to fail for it alone.
 */
final class OutageStack implements AutoCloseable {

  static final String CONTROL = "control";

  private static final List<String> MANY_CONNECTIONS =
      List.of("max_connections=1000", "max_locks_per_transaction=128");

  /** A silent store holds its tenants' slots; with this many no tenant waits for another. */
  private static final int SLOTS = 400;

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Map<Store, Deque<SilencedProxy>> kafkaDoors =
      Map.of(
          Store.SHARED_KAFKA, new ConcurrentLinkedDeque<>(),
          Store.DEDICATED_KAFKA, new ConcurrentLinkedDeque<>());
  private final EmbeddedServers servers;
  private final Sides sides;
  private final SilencedProxy controlDoor;
  private final ControlPlane controlPlane;
  private final WorkflowClient client;
  private final TenantMigrations migrations;
  private final StageGate gate = new StageGate();
  private final AtomicInteger numbers = new AtomicInteger();
  private final Path snapshots;

  /**
   * Starts everything.
   *
   * @param doors how many tenants may have a proxy before each Kafka
   */
  OutageStack(Path snapshots, int doors) throws IOException {
    this(snapshots, doors, true);
  }

  /** The same for workers in processes of their own, which {@link WorkerProcesses} starts. */
  static OutageStack withoutWorker(Path snapshots, int doors) throws IOException {
    return new OutageStack(snapshots, doors, false);
  }

  private OutageStack(Path snapshots, int doors, boolean ownWorker) throws IOException {
    this.snapshots = snapshots;
    ServerFolder folder = opened(ServerFolder.temporary("tenant-migration-outage-"));
    servers = opened(start(folder, doors));
    sides = new Sides(side("shared"), side("dedicated"));
    Databases.execute(sides.shared(), "postgres", "CREATE DATABASE " + CONTROL);
    controlDoor = opened(SilencedProxy.before(port(sides.shared().jdbcUrl(CONTROL).substring(5))));
    controlPlane =
        opened(
            ControlPlane.open(
                sides.shared().jdbcUrl(CONTROL),
                sides.shared().pgUser(),
                sides.shared().pgPassword()));
    controlPlane.upgrade();
    if (ownWorker) {
      var unused = opened(WorkerProcess.start(configuration(), environment(), List.of(gate)));
    }
    Map<String, String> variables = new HashMap<>(Temporal.NO_PROFILE);
    variables.put("TEMPORAL_ADDRESS", temporal().address());
    client = opened(TemporalService.connect(variables)).client();
    migrations = new TenantMigrations(client, controlPlane);
    OutageSample.createStores(this);
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.push(resource);
    return resource;
  }

  private EmbeddedServers start(ServerFolder folder, int doors) {
    EmbeddedServers.Choice choice = EmbeddedServers.in(folder);
    for (String side : List.of("shared", "dedicated")) {
      Store kafka = Store.valueOf(side.toUpperCase(Locale.ROOT) + "_KAFKA");
      choice
          .with(side + "-elasticsearch", ElasticsearchServer::start)
          .with(side + "-s3", S3Server::start)
          .with(
              side + "-kafka",
              (in, name) -> KafkaServer.start(in, name, doors, ports -> before(kafka, ports)))
          .with(side + "-postgres", (in, name) -> PostgresServer.start(in, name, MANY_CONNECTIONS))
          .with(side + "-redis", RedisServer::start);
    }
    return choice.with("temporal", TemporalServer::start).start(server -> {});
  }

  private List<Integer> before(Store kafka, List<Integer> ports) {
    Deque<SilencedProxy> proxies = kafkaDoors.get(kafka);
    proxies.clear();
    for (int port : ports) {
      proxies.add(proxy(port));
    }
    return proxies.stream().map(SilencedProxy::port).toList();
  }

  private static SilencedProxy proxy(int port) {
    try {
      return SilencedProxy.before(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int port(String url) {
    return URI.create(url).getPort();
  }

  private Side side(String side) {
    PostgresServer postgres = servers.get(side + "-postgres", PostgresServer.class);
    S3Server s3 = servers.get(side + "-s3", S3Server.class);
    return new Side(
        side.toUpperCase(Locale.ROOT),
        postgres.host() + ":" + postgres.port(),
        postgres.user(),
        postgres.password(),
        s3.endpoint(),
        s3.accessKey(),
        s3.secretKey(),
        servers.get(side + "-kafka", KafkaServer.class).bootstrapServers(),
        servers.get(side + "-elasticsearch", ElasticsearchServer.class).url(),
        servers.get(side + "-redis", RedisServer.class).uri());
  }

  private TemporalServer temporal() {
    return servers.get("temporal", TemporalServer.class);
  }

  private WorkerConfiguration configuration() {
    return new WorkerConfiguration(
        new WorkerConfiguration.TemporalService(temporal().address(), null),
        new ControlPlaneDatabase(
            controlDoor.inUrl(sides.shared().jdbcUrl(CONTROL)),
            sides.shared().pgUser(),
            "${env:CONTROL_PG_PASSWORD}"),
        new Http(null, 0),
        new Limits(SLOTS, SLOTS, SLOTS, null),
        Duration.ofSeconds(5),
        null,
        new References(List.of("CONTROL_*", "SHARED_*", "DEDICATED_*"), null),
        new Hosts(null, null),
        null,
        null);
  }

  /**
   * The configuration of a worker in a process of its own, as its file has it.
   *
   * @param port where it says that it is ready
   */
  String configuration(int port) {
    return """
        temporal: {address: "%s"}
        controlPlane: {url: "%s", user: %s, password: "${env:CONTROL_PG_PASSWORD}"}
        http: {port: %d}
        limits: {activities: 60, bulkActivities: 16, followingActivities: 60}
        shutdownGrace: 5s
        references: {variables: ["CONTROL_*", "SHARED_*", "DEDICATED_*"]}
        """
        .formatted(
            temporal().address(),
            controlDoor.inUrl(sides.shared().jdbcUrl(CONTROL)),
            sides.shared().pgUser(),
            port);
  }

  /** What a worker's references lead to. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(Temporal.NO_PROFILE);
    environment.put("CONTROL_PG_PASSWORD", sides.shared().pgPassword());
    environment.putAll(sides.shared().environment(CONTROL));
    environment.putAll(sides.dedicated().environment("postgres"));
    return environment;
  }

  /**
   * A new tenant, which has nothing yet.
   *
   * @param database the shared database that it will live in
   * @param stores those that are to have a proxy of its own
   * @throws java.util.NoSuchElementException where no proxy before a Kafka is left
   */
  OutageTenant tenant(String database, Store... stores) {
    return tenant(database, Isolation.ROWS, stores);
  }

  /** The same of a tenant with an isolation of its own. */
  OutageTenant tenant(String database, Isolation isolation, Store... stores) {
    return new OutageTenant(this, numbers.incrementAndGet(), database, isolation, doors(stores));
  }

  /** Lets another tenant have the proxies before the Kafkas. */
  void giveBack(OutageTenant tenant) {
    kafkaDoors.forEach((kafka, free) -> free.add(tenant.doors().before(kafka)));
  }

  /** Ends the server of a store in its orderly way and starts it again. */
  void restart(Store store) {
    restart(store.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /** The same of Temporal; one in memory would forget everything. */
  void restartTemporal() {
    restart("temporal");
  }

  private synchronized void restart(String name) {
    servers.get(name, ProcessBackedServer.class).restart();
  }

  boolean isTemporalInMemory() {
    return temporal().inMemory();
  }

  private Doors doors(Store... stores) {
    Doors doors = new Doors();
    for (Store store : stores) {
      doors.put(store, store.isKafka() ? kafkaDoors.get(store).remove() : proxy(serverPort(store)));
    }
    return opened(doors);
  }

  private int serverPort(Store store) {
    Side side = side(store);
    String url = Doors.direct(store, side, "postgres");
    return port(url.startsWith("jdbc:") ? url.substring(5) : url);
  }

  /** The side that a store belongs to. */
  Side side(Store store) {
    return store.isDedicated() ? sides.dedicated() : sides.shared();
  }

  Sides sides() {
    return sides;
  }

  /** The proxy through which the worker reaches its control plane. */
  SilencedProxy controlDoor() {
    return controlDoor;
  }

  ControlPlane controlPlane() {
    return controlPlane;
  }

  WorkflowClient client() {
    return client;
  }

  TenantMigrations migrations() {
    return migrations;
  }

  StageGate gate() {
    return gate;
  }

  Path snapshots() {
    return snapshots;
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("a part of the stack did not end", e);
      }
    }
  }
}
