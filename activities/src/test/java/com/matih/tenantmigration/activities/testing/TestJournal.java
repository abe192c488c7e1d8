package com.matih.tenantmigration.activities.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.UUID;
import org.postgresql.ds.PGSimpleDataSource;

/** A migration journal in a control plane database of its own. */
public final class TestJournal {

  private static final String SCHEMA =
      "/com/matih/tenantmigration/controlplane/migrations/V1__tenant_control.sql";

  private TestJournal() {}

  /** A new database with the control plane's tables, and nothing in its journal. */
  public static MigrationJournal create() {
    PostgresServer server = TestServers.postgres();
    String name = "journal_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    execute(server, "postgres", "CREATE DATABASE " + name);
    execute(
        server,
        name,
        "CREATE SCHEMA tenant_control; SET search_path = tenant_control; " + schema());
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(server.jdbcUrl(name));
    database.setUser(server.user());
    database.setPassword(server.password());
    return new MigrationJournal(database, new ObjectMapper());
  }

  /** Twelve hexadecimal digits that no other migration of the tests has. */
  public static String newMigrationId() {
    return UUID.randomUUID().toString().replace("-", "").substring(0, 12).toLowerCase(Locale.ROOT);
  }

  private static void execute(PostgresServer server, String database, String sql) {
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl(database), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("the control plane's tables could not be made", e);
    }
  }

  private static String schema() {
    try (InputStream script = MigrationJournal.class.getResourceAsStream(SCHEMA)) {
      if (script == null) {
        throw new IllegalStateException("no " + SCHEMA);
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
