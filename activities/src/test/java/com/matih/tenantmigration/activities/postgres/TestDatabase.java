package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A database of one test on a shared server; dropped with {@link #close}. */
public final class TestDatabase implements AutoCloseable {

  private static final String SECRET = "TEST_PG_PASSWORD_";

  private final PostgresServer server;
  private final String name;

  private TestDatabase(PostgresServer server, String name) {
    this.server = server;
    this.name = name;
  }

  /** A new, empty database. */
  public static TestDatabase create(PostgresServer server) throws SQLException {
    TestDatabase database = named(server);
    database.inMaintenance("CREATE DATABASE " + database.name);
    return database;
  }

  /** A name at which there is no database. */
  /** A new database whose texts are stored in another encoding. */
  static TestDatabase encoded(PostgresServer server, String encoding) throws SQLException {
    TestDatabase database = named(server);
    database.inMaintenance(
        "CREATE DATABASE %s ENCODING '%s' LOCALE 'C' TEMPLATE template0"
            .formatted(database.name, encoding));
    return database;
  }

  public static TestDatabase named(PostgresServer server) {
    return new TestDatabase(server, "t_" + UUID.randomUUID().toString().replace("-", ""));
  }

  /** Opens connections to the databases of both servers. */
  public static PostgresConnections connections(PostgresServer... servers) {
    return new PostgresConnections(secrets(servers));
  }

  /** Knows the passwords of the servers. */
  public static SecretResolver secrets(PostgresServer... servers) {
    return TestSecrets.of(
        name -> {
          for (PostgresServer server : servers) {
            if (name.equals(SECRET + server.port())) {
              return server.password();
            }
          }
          return null;
        });
  }

  /** Another database of the same server. */
  public TestDatabase sibling(String other) {
    return new TestDatabase(server, other);
  }

  public String name() {
    return name;
  }

  /** How a request names this database. */
  public PostgresSpec.Database spec() {
    return new PostgresSpec.Database(
        server.jdbcUrl(name), server.user(), "${env:%s%d}".formatted(SECRET, server.port()));
  }

  /** How a request names this database for another role, whose password is {@code secret}. */
  public PostgresSpec.Database specAs(String role) {
    return new PostgresSpec.Database(server.jdbcUrl(name), role, "secret");
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl(name), server.user(), server.password());
  }

  public void execute(String... statements) throws SQLException {
    try (Connection connection = connect()) {
      execute(connection, statements);
    }
  }

  public static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The rows' first column. */
  public List<String> query(String sql) throws SQLException {
    try (Connection connection = connect()) {
      return query(connection, sql);
    }
  }

  public static List<String> query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(String.valueOf(rows.getString(1)));
      }
      return values;
    }
  }

  /** Runs statements in the server's database {@code postgres}. */
  public void inMaintenance(String... statements) throws SQLException {
    try (Connection connection = maintenance()) {
      execute(connection, statements);
    }
  }

  /** The rows' first column, asked in the server's database {@code postgres}. */
  public List<String> inMaintenanceQuery(String sql) throws SQLException {
    try (Connection connection = maintenance()) {
      return query(connection, sql);
    }
  }

  public Connection maintenance() throws SQLException {
    return DriverManager.getConnection(
        server.jdbcUrl("postgres"), server.user(), server.password());
  }

  @Override
  public void close() throws SQLException {
    inMaintenance("DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(name));
  }
}
