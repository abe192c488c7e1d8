package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.Side;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tenants' services: read the control plane's tables again and again, and write a row for each
 * tenant that is ACTIVE, where its configuration says. Their connections are direct, by the driver
 * alone, so that what they see says nothing about the engines but what is true.
 */
final class TenantServices implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TenantServices.class);
  private static final long PAUSE_MILLIS = 500;
  private static final int WRITERS = 8;
  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(2);

  private final OutageStack stack;
  private final Map<String, Seen> tenants = new ConcurrentHashMap<>();
  private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
  private final Thread thread = new Thread(this::serve, "tenant-services");
  private volatile boolean stopped;

  TenantServices(OutageStack stack, List<OutageTenant> served) {
    this.stack = stack;
    served.forEach(tenant -> tenants.put(tenant.id(), new Seen(tenant)));
    thread.setDaemon(true);
    thread.start();
  }

  /** What the services have seen of one tenant. */
  Seen of(OutageTenant tenant) {
    return tenants.get(tenant.id());
  }

  /** A row that was acknowledged. */
  record Written(Instant at, boolean dedicated, String body) {}

  /** One tenant as its service sees it. */
  static final class Seen {

    private final OutageTenant tenant;
    private final List<Written> written = new CopyOnWriteArrayList<>();
    private volatile String state = "";
    private volatile String databaseUrl = "";
    private volatile String outcome = "";
    private volatile String refusal = "";
    private volatile Instant readOnlySince = Instant.MAX;
    private volatile Duration longestReadOnly = Duration.ZERO;
    private volatile Instant triedAt = Instant.MIN;
    private volatile boolean served = true;

    Seen(OutageTenant tenant) {
      this.tenant = tenant;
    }

    /** The outcome on record; empty while there is none. */
    Optional<String> outcome() {
      return outcome.isEmpty() || outcome.equals("RUNNING")
          ? Optional.empty()
          : Optional.of(outcome);
    }

    String state() {
      return state;
    }

    boolean isRoutedToDedicated() {
      return databaseUrl.equals(tenant.dedicatedUrl());
    }

    boolean isRoutedToShared() {
      return databaseUrl.equals(tenant.sharedUrl());
    }

    /** Why the last write was refused. */
    String refusal() {
      return refusal;
    }

    /** The longest time without the right to write. */
    Duration longestReadOnly() {
      Instant since = readOnlySince;
      Duration now =
          since.equals(Instant.MAX) ? Duration.ZERO : Duration.between(since, Instant.now());
      return now.compareTo(longestReadOnly) > 0 ? now : longestReadOnly;
    }

    /** The first acknowledged write at or after a moment. */
    Optional<Written> firstWrite(Instant from) {
      return written.stream().filter(row -> !row.at().isBefore(from)).findFirst();
    }

    List<Written> written() {
      return written;
    }

    /** Writes no more. */
    void stop() {
      served = false;
    }

    /** Whether a write is on its way, which {@link #stop} does not end. */
    boolean isWriting() {
      return triedAt.equals(Instant.MAX);
    }

    private void note(String newState, String newUrl) {
      if (newState.equals("READ_ONLY") && readOnlySince.equals(Instant.MAX)) {
        readOnlySince = Instant.now();
      }
      if (newState.equals("ACTIVE") && !readOnlySince.equals(Instant.MAX)) {
        longestReadOnly = longestReadOnly();
        readOnlySince = Instant.MAX;
      }
      state = newState;
      databaseUrl = newUrl;
    }
  }

  private void serve() {
    while (!stopped) {
      try {
        readControlPlane();
        for (Seen seen : tenants.values()) {
          if (seen.served
              && seen.state().equals("ACTIVE")
              && seen.triedAt.isBefore(Instant.now().minus(BETWEEN_WRITES))) {
            seen.triedAt = Instant.MAX;
            writers.execute(() -> write(seen));
          }
        }
        Thread.sleep(PAUSE_MILLIS);
      } catch (SQLException e) {
        log.warn("the control plane cannot be read", e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void readControlPlane() throws SQLException {
    Side shared = stack.sides().shared();
    try (Connection connection = open(shared, OutageStack.CONTROL);
        Statement statement = connection.createStatement()) {
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT tenant_id, state, database_url FROM tenant_control.tenant_config")) {
        while (rows.next()) {
          Seen seen = tenants.get(rows.getString(1));
          if (seen != null) {
            seen.note(rows.getString(2), rows.getString(3));
          }
        }
      }
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT DISTINCT ON (tenant_id) tenant_id, outcome FROM tenant_control.migration"
                  + " ORDER BY tenant_id, started_at DESC")) {
        while (rows.next()) {
          Seen seen = tenants.get(rows.getString(1));
          if (seen != null) {
            seen.outcome = rows.getString(2);
          }
        }
      }
    }
  }

  private void write(Seen seen) {
    if (!seen.served) {
      seen.triedAt = Instant.now();
      return;
    }
    OutageTenant tenant = seen.tenant;
    boolean dedicated = seen.isRoutedToDedicated();
    Side side = dedicated ? stack.sides().dedicated() : stack.sides().shared();
    String database = dedicated ? tenant.ownDatabase() : tenant.database();
    String body = "written " + seen.written.size() + " " + Instant.now();
    String sql =
        "INSERT INTO %s.queries (tenant_id, body) VALUES ('%s', '%s')"
            .formatted(dedicated ? "public" : tenant.schema(), tenant.id(), body);
    // kept open, those of hundreds of tenants would be too many
    try (Connection connection = open(side, database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
      seen.written.add(new Written(Instant.now(), dedicated, body));
    } catch (SQLException e) {
      seen.refusal = String.valueOf(e.getMessage());
    }
    seen.triedAt = Instant.now();
  }

  private static Connection open(Side side, String database) throws SQLException {
    Connection connection =
        DriverManager.getConnection(side.jdbcUrl(database), side.pgUser(), side.pgPassword());
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET statement_timeout = '5s'");
    }
    return connection;
  }

  /** Those acknowledged rows that the side which serves the tenant now does not have. */
  List<String> lost(OutageTenant tenant) {
    Seen seen = of(tenant);
    boolean dedicated = seen.isRoutedToDedicated();
    Set<String> there =
        new HashSet<>(
            Databases.query(
                dedicated ? stack.sides().dedicated() : stack.sides().shared(),
                dedicated ? tenant.ownDatabase() : tenant.database(),
                "SELECT body FROM %s.queries WHERE tenant_id = '%s'"
                    .formatted(dedicated ? "public" : tenant.schema(), tenant.id())));
    List<String> lost = new ArrayList<>();
    for (Written row : seen.written()) {
      if (!there.contains(row.body())) {
        lost.add(row.body());
      }
    }
    return lost;
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var unused = writers.shutdownNow();
  }
}
