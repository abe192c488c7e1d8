package com.matih.tenantmigration.controlplane;

import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.UUID;

/** A control plane in a database of its own. */
final class TestControlPlane implements AutoCloseable {

  private final PostgresServer server = TestServers.postgres();
  private final String name = "control_" + UUID.randomUUID().toString().replace("-", "");
  private final ControlPlane controlPlane;

  TestControlPlane() {
    execute("postgres", "CREATE DATABASE " + name);
    controlPlane = ControlPlane.open(url(), server.user(), server.password());
    controlPlane.upgrade();
  }

  ControlPlane controlPlane() {
    return controlPlane;
  }

  String url() {
    return server.jdbcUrl(name);
  }

  String user() {
    return server.user();
  }

  String password() {
    return server.password();
  }

  InetSocketAddress address() {
    return new InetSocketAddress(server.host(), server.port());
  }

  void refuseConnections(boolean refuse) {
    execute("postgres", "ALTER DATABASE %s ALLOW_CONNECTIONS %s".formatted(name, !refuse));
  }

  /** Also while the database refuses connections. */
  void endSessions(String applicationName) {
    execute(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
                .formatted(name)
            + " AND application_name = '%s'".formatted(applicationName));
  }

  void execute(String sql) {
    execute(name, sql);
  }

  private void execute(String database, String sql) {
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl(database), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static TenantConfig config(String tenant) {
    return new TenantConfig(
        tenant,
        "STARTER",
        State.ACTIVE,
        "jdbc:postgresql://shared/s",
        "s3://shared/" + tenant + "/",
        "shared:9092",
        null,
        "redis://shared",
        1,
        Instant.EPOCH);
  }

  @Override
  public void close() {
    controlPlane.close();
    execute("postgres", "DROP DATABASE " + name + " WITH (FORCE)");
  }
}
