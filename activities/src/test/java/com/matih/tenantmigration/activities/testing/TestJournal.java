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
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** A migration journal of which a test needs no more than that it is a real one. */
public final class TestJournal {

  private static final String SCHEMA =
      "/com/matih/tenantmigration/controlplane/migrations/V1__tenant_control.sql";

  private static @Nullable MigrationJournal shared;

  private TestJournal() {}

  /** The journal that the tests of this JVM share; its entries keep apart by migration. */
  public static synchronized MigrationJournal shared() {
    MigrationJournal present = shared;
    if (present == null) {
      present = create();
      shared = present;
    }
    return present;
  }

  private static MigrationJournal create() {
    PostgresServer server = TestServers.postgres();
    String name = "journal_" + newMigrationId();
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
