package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A migration of one table of two tenants, each side with a role of the migration's own.
 *
 * @param folder where request files and snapshots go
 */
record OneTable(String tenant, Path folder) {

  /** The password of both roles. */
  static final String PASSWORD = "moves";

  private String name() {
    return tenant.replace('-', '_');
  }

  String sharedDatabase() {
    return "shared_" + name();
  }

  String dedicatedDatabase() {
    return "dedicated_" + name();
  }

  String role() {
    return "mover_" + name();
  }

  void create() throws SQLException {
    for (PostgresServer server : new PostgresServer[] {shared(), dedicated()}) {
      execute(
          server,
          "postgres",
          "CREATE ROLE %s SUPERUSER LOGIN PASSWORD '%s'".formatted(role(), PASSWORD));
    }
    execute(shared(), "postgres", "CREATE DATABASE " + sharedDatabase());
    execute(
        shared(),
        sharedDatabase(),
        "CREATE SCHEMA app; CREATE TABLE app.notes (id int PRIMARY KEY, tenant_id text, body text);"
            + " INSERT INTO app.notes SELECT n, CASE WHEN n %% 2 = 0 THEN 'other' ELSE '%s' END, 'x'"
                .formatted(tenant)
            + " FROM generate_series(1, 100) n");
  }

  /** Whether the tenant's writes get through on the shared side. */
  boolean takesWrites() {
    try {
      execute(
          shared(),
          sharedDatabase(),
          "UPDATE app.notes SET body = 'y' WHERE tenant_id = '%s'".formatted(tenant));
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** Whether anything of a fence is left in the shared database. */
  boolean isFenced() throws SQLException {
    return exists(
        shared(),
        sharedDatabase(),
        "SELECT 1 FROM pg_namespace WHERE nspname = 'tenant_migration_fence'");
  }

  boolean isDedicatedDatabaseThere() throws SQLException {
    return exists(
        dedicated(),
        "postgres",
        "SELECT 1 FROM pg_database WHERE datname = '%s'".formatted(dedicatedDatabase()));
  }

  /** Whether the dedicated database holds what only the migration needs. */
  boolean hasLedger() throws SQLException {
    return exists(
        dedicated(),
        dedicatedDatabase(),
        "SELECT 1 FROM pg_namespace WHERE nspname = 'tenant_migration'");
  }

  /** The dedicated server refuses the migration, until it lets it in again. */
  void letIntoDedicatedServer(boolean in) throws SQLException {
    execute(
        dedicated(), "postgres", "ALTER ROLE %s %s".formatted(role(), in ? "LOGIN" : "NOLOGIN"));
  }

  Path request() throws IOException {
    return Files.writeString(
        folder.resolve(tenant + ".yaml"),
        """
        tenant: %s
        mode: offline
        tier: {from: STARTER, to: ENTERPRISE}
        settle: 1ms
        snapshot: {location: "file:%s"}
        postgres:
          source: {url: "%s", user: %s, password: "${env:SHARED_PG_PASSWORD}"}
          target: {url: "%s", user: %s, password: "${env:DEDICATED_PG_PASSWORD}"}
          isolation: rows
          sourceSchema: app
          targetSchema: public
          tenantColumn: tenant_id
        """
            .formatted(
                tenant,
                folder,
                shared().jdbcUrl(sharedDatabase()),
                role(),
                dedicated().jdbcUrl(dedicatedDatabase()),
                role()));
  }

  private static PostgresServer shared() {
    return TestServers.postgres();
  }

  private static PostgresServer dedicated() {
    return TestServers.dedicatedPostgres();
  }

  private static void execute(PostgresServer server, String database, String sql)
      throws SQLException {
    try (Connection connection = open(server, database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static boolean exists(PostgresServer server, String database, String sql)
      throws SQLException {
    try (Connection connection = open(server, database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next();
    }
  }

  private static Connection open(PostgresServer server, String database) throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl(database), server.user(), server.password());
  }
}
