package com.matih.tenantmigration.activities.postgres.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What makes a database one that is not empty: for provisioning and for a restore alike. */
class DatabaseContentsIT {

  private TestDatabase database;

  @BeforeEach
  void createDatabase() throws SQLException {
    database = TestDatabase.create(TestServers.dedicatedPostgres());
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    database.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "CREATE TABLE t (id int) # table public.t",
        "CREATE VIEW v AS SELECT 1 AS one # view public.v",
        "CREATE MATERIALIZED VIEW v AS SELECT 1 AS one # materialized view public.v",
        "CREATE SEQUENCE s # sequence public.s",
        "CREATE SCHEMA s # schema s",
        "CREATE TYPE e AS ENUM ('a') # type public.e",
        "CREATE DOMAIN d AS int # type public.d",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1' # function public.f()",
        "CREATE COLLATION c FROM \"C\" # collation public.c",
        "SELECT lo_create(4711) # large object 4711",
        "CREATE PUBLICATION p # publication p",
        "CREATE FOREIGN DATA WRAPPER w # foreign-data wrapper w",
        "CREATE OPERATOR FAMILY o USING btree # operator family public.o USING btree",
        "CREATE CAST (point AS int) WITH INOUT # cast (pg_catalog.point AS integer)",
        "CREATE ACCESS METHOD m TYPE INDEX HANDLER bthandler # access method m",
        "CREATE TEXT SEARCH CONFIGURATION c (COPY = simple) # text search configuration public.c",
      })
  void anythingThatSomebodyCreatedIsNamed(String sql, String object) throws SQLException {
    database.execute(sql);

    assertThat(contents()).contains(object);
  }

  @Test
  void anEventTriggerIsNamedBesideItsFunction() throws SQLException {
    database.execute(
        "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f()");

    assertThat(contents()).contains("event trigger e", "function public.f()");
  }

  @Test
  void tablesAreNamedFirst() throws SQLException {
    database.execute("CREATE COLLATION a FROM \"C\"", "CREATE TABLE z (id int)");

    assertThat(contents().get(0)).isEqualTo("table public.z");
  }

  /** What an operator prepares an empty database with. */
  @Test
  void extensionsSettingsAndDefaultPrivilegesAreNoContents() throws SQLException {
    database.execute(
        "CREATE EXTENSION pgcrypto",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
        "ALTER DATABASE " + Identifiers.quote(database.name()) + " SET work_mem = '8MB'");

    assertThat(contents()).isEmpty();
  }

  /** A rollback empties a database that it was given; what it did not create stays. */
  @Test
  void aRollbackLeavesWhatNoMigrationCreates() throws SQLException {
    database.execute("CREATE TABLE t (id int)", "SELECT lo_create(4711)", "CREATE PUBLICATION p");

    try (Connection connection = database.connect()) {
      DatabaseContents.drop(connection, List.of("plpgsql"));
    }

    assertThat(contents()).containsExactly("publication p");
  }

  private List<String> contents() throws SQLException {
    try (Connection connection = database.connect()) {
      return DatabaseContents.list(connection, 10).stream().map(Object::toString).toList();
    }
  }
}
