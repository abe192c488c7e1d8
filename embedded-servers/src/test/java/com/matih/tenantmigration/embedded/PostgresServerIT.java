package com.matih.tenantmigration.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.embedded.testing.TestServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PostgresServerIT {

  private final PostgresServer server = TestServers.postgres();

  @Test
  void itsSuperuserCreatesADatabaseAndReadsBackWhatItWrote() throws SQLException {
    execute("postgres", "CREATE DATABASE round_trip");
    execute("round_trip", "CREATE TABLE words(word text)");
    execute("round_trip", "INSERT INTO words VALUES ('Grüße, 世界')");

    assertThat(query("round_trip", "SELECT word FROM words")).isEqualTo("Grüße, 世界");
    assertThat(query("postgres", "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
        .isEqualTo("t");
  }

  @Test
  void aWrongPasswordIsRefused() {
    assertThatThrownBy(
            () -> DriverManager.getConnection(server.jdbcUrl("postgres"), server.user(), "wrong"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void itDecodesItsLogAndIsUtf8() throws SQLException {
    assertThat(query("postgres", "SHOW wal_level")).isEqualTo("logical");
    assertThat(query("postgres", "SHOW server_encoding")).isEqualTo("UTF8");
    assertThat(query("postgres", "SHOW server_version")).startsWith("15.");
  }

  @Test
  void aDatabaseOfAnotherCollationCanBeCreatedFromTemplate0() throws SQLException {
    execute(
        "postgres",
        "CREATE DATABASE icu TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'de' LOCALE 'C'");
    execute("postgres", "CREATE DATABASE plain TEMPLATE template0 LOCALE 'C'");

    assertThat(query("icu", "SELECT string_agg(v, '' ORDER BY v) FROM (VALUES ('b'),('ä')) t(v)"))
        .isEqualTo("äb");
    assertThat(query("plain", "SELECT string_agg(v, '' ORDER BY v) FROM (VALUES ('b'),('ä')) t(v)"))
        .isEqualTo("bä");
  }

  @Test
  void twoServersHaveFoldersPortsAndPasswordsOfTheirOwn() throws SQLException {
    PostgresServer other = TestServers.dedicatedPostgres();

    assertThat(other.port()).isNotEqualTo(server.port());
    assertThat(other.password()).isNotEqualTo(server.password());
    assertThat(other.process().pid()).isNotEqualTo(server.process().pid());
  }

  private void execute(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String query(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl(database), server.user(), server.password());
  }
}
