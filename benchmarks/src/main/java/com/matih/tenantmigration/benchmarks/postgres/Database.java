package com.matih.tenantmigration.benchmarks.postgres;

import com.matih.tenantmigration.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** A database on one of the benchmark's servers, and the ways to it. */
record Database(PostgresServer server, String name) {

  /** A connection of the superuser's. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl(name), server.user(), server.password());
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  long queryNumber(String sql) throws SQLException {
    return Long.parseLong(query(sql));
  }

  /** The first column of the one row. */
  String query(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** The variables with which libpq's programs connect as the superuser; nothing shows in ps. */
  Map<String, String> environment() {
    return environment(server.user(), server.password(), "");
  }

  /**
   * The variables with which libpq's programs connect as another role.
   *
   * @param options the session's settings, as {@code -c name=value}
   */
  Map<String, String> environment(String user, String password, String options) {
    return Map.of(
        "PGHOST", server.host(),
        "PGPORT", String.valueOf(server.port()),
        "PGDATABASE", name,
        "PGUSER", user,
        "PGPASSWORD", password,
        "PGOPTIONS", options);
  }
}
