package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.devstack.clusters.Side;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.PGConnection;

/** Somebody who reads a tenant's shared tables and holds them meanwhile. */
enum Reader {
  /** The dump of a neighbour, which locks all its tables at its beginning. */
  NEIGHBOURS_DUMP("pg_dump"),
  /** A console in which somebody has begun a transaction, and looked, and left. */
  IDLE_TRANSACTION("psql"),
  /** A verification query of the migration itself, on which a cancel had no effect. */
  OWN_QUERY(""),
  /** A copy of the migration whose worker is frozen: its server waits for a client that reads. */
  FROZEN_COPY("");

  private final String application;

  Reader(String application) {
    this.application = application;
  }

  /** Reads until it is closed. */
  Connection read(OutageTenant tenant, String migrationId) throws SQLException {
    Side shared = tenant.stack().sides().shared();
    Properties properties = new Properties();
    properties.setProperty("user", shared.pgUser());
    properties.setProperty("password", shared.pgPassword());
    properties.setProperty(
        "ApplicationName",
        application.isEmpty() ? "tenant-migration %s copy".formatted(migrationId) : application);
    Connection connection =
        DriverManager.getConnection(shared.jdbcUrl(tenant.database()), properties);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      switch (this) {
        case NEIGHBOURS_DUMP ->
            statement.execute("LOCK TABLE app.queries, app.runs IN ACCESS SHARE MODE");
        case IDLE_TRANSACTION -> statement.execute("SELECT count(*) FROM app.queries, app.runs");
        case OWN_QUERY -> {
          statement.execute("SELECT count(*) FROM app.queries, app.runs");
          startEndless(connection);
        }
        case FROZEN_COPY -> {
          var unused =
              connection
                  .unwrap(PGConnection.class)
                  .getCopyAPI()
                  .copyOut(
                      "COPY (SELECT q.*, repeat('x', 1000) FROM app.queries q,"
                          + " generate_series(1, 100000)) TO STDOUT")
                  .readFromCopy();
        }
      }
    }
    return connection;
  }

  /** Ends with its session alone. */
  private static void startEndless(Connection connection) {
    Thread thread =
        new Thread(
            () -> {
              try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_sleep(3600)");
              } catch (SQLException e) {
                // the release of the fence has ended it, or the test is over
                return;
              }
            },
            "endless-query");
    thread.setDaemon(true);
    thread.start();
  }
}
