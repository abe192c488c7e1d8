package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryLimits;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryRefusedException;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryRows;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.requestsql.ReadOnlySession;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request's queries may do on a real server, for a user who may do everything. */
class HostileQueriesIT {

  private static final PostgresConnections CONNECTIONS =
      TestDatabase.connections(TestServers.postgres());
  private static TestDatabase database;

  @BeforeAll
  static void createDatabase() throws SQLException {
    database = TestDatabase.create(TestServers.postgres());
    database.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.queries (id int PRIMARY KEY, body jsonb, large text)",
        "INSERT INTO shared.queries SELECT i, '{\"a\": 1}', 'x' FROM generate_series(1, 100) i",
        "CREATE SEQUENCE shared.numbers",
        "CREATE VIEW shared.hides AS SELECT nextval('shared.numbers') AS n",
        "CREATE VIEW shared.hides_deeper AS SELECT n FROM shared.hides WHERE n > 0",
        "CREATE FUNCTION shared.take() RETURNS bigint LANGUAGE sql"
            + " AS $$ SELECT nextval('shared.numbers') $$",
        "CREATE FUNCTION shared.plus(int, int) RETURNS int LANGUAGE sql"
            + " AS $$ SELECT nextval('shared.numbers')::int $$",
        "CREATE OPERATOR shared.+@ (FUNCTION = shared.plus, LEFTARG = int, RIGHTARG = int)",
        "CREATE FUNCTION shared.step(int, int) RETURNS int LANGUAGE sql"
            + " AS $$ SELECT nextval('shared.numbers')::int $$",
        "CREATE AGGREGATE shared.total (int) (SFUNC = shared.step, STYPE = int, INITCOND = '0')",
        "CREATE FUNCTION shared.act(shared.queries) RETURNS bigint LANGUAGE sql"
            + " AS $$ SELECT nextval('shared.numbers') $$",
        "CREATE FUNCTION shared.double(int) RETURNS int STABLE LANGUAGE sql"
            + " AS $$ SELECT $1 * 2 $$",
        "CREATE PROCEDURE shared.nothing() LANGUAGE sql AS $$ SELECT 1 $$",
        "CREATE TYPE shared.odd AS (v int)",
        "CREATE FUNCTION shared.to_odd(int) RETURNS shared.odd LANGUAGE sql"
            + " AS $$ SELECT ROW(nextval('shared.numbers')::int)::shared.odd $$",
        "CREATE CAST (int AS shared.odd) WITH FUNCTION shared.to_odd(int)");
  }

  @AfterAll
  static void dropDatabase() throws SQLException {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // several statements, openly and hidden
        "SELECT 1; DROP TABLE shared.queries",
        "SELECT 1; COMMIT; DROP TABLE shared.queries",
        "COMMIT; DROP TABLE shared.queries",
        "SELECT 1 /* ; */; /* */ DROP TABLE shared.queries",
        "SELECT $$;$$; DROP TABLE shared.queries",
        "SELECT $a$ $$ $a$; DROP TABLE shared.queries",
        "SELECT E'\\''; DROP TABLE shared.queries -- '",
        "SELECT '\\'; DROP TABLE shared.queries --'",
        "SELECT 1 -- \n; DROP TABLE shared.queries",
        "SELECT /* /* */ ; */ 1; DROP TABLE shared.queries",
        "SELECT 1;;SELECT 2",
        "SELECT 1; -- \n DROP TABLE shared.queries",
        // nothing
        "",
        " ;",
        "-- only a comment",
        "/* only a comment */",
        // commands
        "DO $$ BEGIN DELETE FROM shared.queries; END $$",
        "COPY (SELECT 1) TO PROGRAM 'touch /tmp/hostile'",
        "COPY shared.queries TO '/tmp/hostile'",
        "COPY shared.queries FROM '/etc/passwd'",
        "COPY shared.queries TO STDOUT",
        "SELECT * INTO shared.other FROM shared.queries",
        "SELECT * INTO TEMPORARY other FROM shared.queries",
        "CREATE TABLE shared.other AS SELECT 1",
        "CREATE TEMPORARY TABLE other (id int)",
        "INSERT INTO shared.queries VALUES (1000) RETURNING id",
        "UPDATE shared.queries SET large = 'y' RETURNING id",
        "DELETE FROM shared.queries RETURNING id",
        "MERGE INTO shared.queries q USING (SELECT 1 AS id) s ON s.id = q.id"
            + " WHEN MATCHED THEN DELETE",
        "TRUNCATE shared.queries",
        "DROP TABLE shared.queries",
        "ALTER TABLE shared.queries ADD COLUMN c int",
        "EXPLAIN ANALYZE DELETE FROM shared.queries",
        "EXPLAIN SELECT 1",
        "LOCK TABLE shared.queries",
        "SET default_transaction_read_only = off",
        "SET TRANSACTION READ WRITE",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        "SET ROLE postgres",
        "RESET ROLE",
        "RESET ALL",
        "DISCARD ALL",
        "PREPARE p AS SELECT 1",
        "EXECUTE p",
        "CALL shared.nothing()",
        "LISTEN a",
        "NOTIFY tenant_config, 'acme'",
        "VACUUM shared.queries",
        "ANALYZE shared.queries",
        "CHECKPOINT",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT s",
        "DECLARE c CURSOR FOR SELECT 1",
        "FETCH ALL FROM c",
        "SHOW all",
        "GRANT ALL ON shared.queries TO PUBLIC",
        "REFRESH MATERIALIZED VIEW shared.m",
        "LOAD 'auto_explain'",
        "ALTER SYSTEM SET work_mem = '1MB'",
        // changes and locks within a query
        "WITH gone AS (DELETE FROM shared.queries RETURNING id) SELECT id FROM gone",
        "WITH a AS (WITH b AS (SELECT 1) SELECT * FROM b), c AS (INSERT INTO shared.queries"
            + " VALUES (1000) RETURNING id) SELECT * FROM c",
        "SELECT id FROM shared.queries FOR UPDATE",
        "SELECT id FROM shared.queries FOR KEY SHARE SKIP LOCKED",
        "SELECT * FROM (SELECT id FROM shared.queries FOR SHARE) q",
        // functions that act or reach outside
        "SELECT nextval('shared.numbers')",
        "SELECT setval('shared.numbers', 1)",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT set_config('role', 'postgres', false)",
        "SELECT pg_sleep(600)",
        "SELECT pg_sleep_for('10 minutes')",
        "SELECT pg_sleep_until('2099-01-01')",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_read_binary_file('/etc/passwd')",
        "SELECT * FROM pg_ls_dir('/')",
        "SELECT * FROM pg_ls_waldir()",
        "SELECT * FROM pg_stat_file('/etc/passwd')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT lo_export(1, '/tmp/hostile')",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT lo_unlink(1)",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_get_activity(NULL)",
        "SELECT pg_cancel_backend(1)",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_xact_lock(1)",
        "SELECT pg_notify('tenant_config', 'acme')",
        "SELECT pg_reload_conf()",
        "SELECT pg_rotate_logfile()",
        "SELECT pg_switch_wal()",
        "SELECT pg_promote()",
        "SELECT pg_create_restore_point('x')",
        "SELECT pg_logical_emit_message(false, 'a', 'b')",
        "SELECT pg_create_physical_replication_slot('hostile')",
        "SELECT pg_replication_origin_create('hostile')",
        "SELECT pg_export_snapshot()",
        "SELECT pg_stat_reset()",
        "SELECT pg_log_backend_memory_contexts(1)",
        "SELECT query_to_xml('DELETE FROM shared.queries', true, false, '')",
        "SELECT query_to_xmlschema('SELECT pg_sleep(600)', true, false, '')",
        "SELECT table_to_xml('pg_authid', true, false, '')",
        "SELECT database_to_xml(true, false, '')",
        "SELECT ts_stat('SELECT pg_sleep(600)')",
        "SELECT ts_rewrite('a'::tsquery, 'SELECT pg_sleep(600)')",
        // the same, hidden
        "SELECT \"pg_sleep\"(600)",
        "SELECT pg_catalog.pg_sleep(600)",
        "SELECT U&\"pg\\005fsleep\"(600)",
        "SELECT pg_sleep /* */ (600)",
        "SELECT 1 FROM (SELECT pg_sleep(600) AS a) AS \":funcid 1\"",
        "SELECT n FROM shared.hides",
        "SELECT n FROM shared.hides_deeper",
        "SELECT shared.take()",
        "SELECT take()",
        "SELECT 1 OPERATOR(shared.+@) 2",
        "SELECT shared.total(id) FROM shared.queries",
        "SELECT q.act FROM shared.queries q",
        "SELECT 1::shared.odd",
        "SELECT id FROM shared.queries ORDER BY nextval('shared.numbers')",
        "SELECT count(*) FROM shared.queries HAVING nextval('shared.numbers') > 0",
        "SELECT id FROM shared.queries LIMIT nextval('shared.numbers')",
        "SELECT CASE WHEN false THEN nextval('shared.numbers') END",
        "SELECT (SELECT nextval('shared.numbers')) FROM shared.queries",
        "VALUES (nextval('shared.numbers'))",
        "SELECT sum(nextval('shared.numbers')) OVER () FROM shared.queries",
        "SELECT id FROM shared.queries TABLESAMPLE system (nextval('shared.numbers'))",
        // what is no tenant's
        "SELECT rolpassword FROM pg_authid",
        "SELECT passwd FROM pg_shadow",
        "SELECT umoptions FROM pg_user_mappings",
        "SELECT data FROM pg_largeobject",
        // a parameter has no value
        "SELECT $1",
      })
  void aTextThatIsMoreThanOneQueryThatReadsIsRefusedAndNothingIsDone(String sql)
      throws SQLException {
    String before = state();

    for (boolean isPlan : List.of(true, false)) {
      assertThatThrownBy(() -> ask(sql, isPlan))
          .isInstanceOfSatisfying(
              QueryRefusedException.class,
              e -> {
                assertThat(e.reason()).isNotBlank();
                assertThat(e.remedy()).endsWith(".");
              });
    }

    assertThat(state()).isEqualTo(before);
  }

  /** The server reads a text by itself, and finds that it is none that it understands. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1) a; COMMIT; DROP TABLE shared.queries; SELECT * FROM (SELECT 1",
        "SELECT 1) a LIMIT 0; DROP TABLE shared.queries --",
        "(SELECT 1; COMMIT; DROP TABLE shared.queries; SELECT 2)",
        "ANALYZE) DELETE FROM shared.queries --",
      })
  void aTextThatWouldBreakOutOfAnotherFails(String sql) throws SQLException {
    String before = state();

    for (boolean isPlan : List.of(true, false)) {
      assertThatThrownBy(() -> ask(sql, isPlan)).isInstanceOf(SQLException.class);
    }

    assertThat(state()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id FROM shared.queries ORDER BY id;",
        "SELECT id FROM shared.queries ORDER BY id -- all of them\n ; ",
        "SELECT id FROM shared.queries ORDER BY id; -- ; all of them",
        "SELECT id FROM queries; /* all /* ; */ of them */ \n -- and no more\n",
        "(SELECT 1) UNION ALL (SELECT 2)",
        "((VALUES (1)))",
        "VALUES (1), (2)",
        "TABLE shared.queries",
        "WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 5)"
            + " SELECT sum(n) FROM t",
        "SELECT count(*) FROM queries WHERE body ? 'a' AND body ?| ARRAY['a', 'b']",
        "SELECT '{d 2020-01-01} {fn now()} ; DROP' AS \"a:funcid 1 {QUERY :commandType 4\"",
        "SELECT $$ ; $$, 'a'';b', E'\\';', /* ; */ 1",
        "SELECT count(*) FILTER (WHERE id > 3), avg(id), max(large) OVER () FROM queries"
            + " GROUP BY large",
        "SELECT random() < 2, gen_random_uuid() IS NOT NULL, now() <= clock_timestamp()",
        "SELECT shared.double(id), pg_total_relation_size('shared.queries') > 0 FROM queries",
        "SELECT indexname FROM pg_indexes WHERE schemaname = 'shared'",
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'shared'",
        "SELECT last_value FROM pg_sequences WHERE schemaname = 'shared'",
        "SELECT md5(string_agg(q::text, ',' ORDER BY id)) FROM queries q",
        "SELECT id FROM queries TABLESAMPLE bernoulli (100) REPEATABLE (1)",
        "SELECT q.id, x.v FROM queries q, LATERAL jsonb_each_text(q.body) x(k, v) LIMIT 3",
      })
  void aQueryThatReadsIsPlannedAndRun(String sql) throws Exception {
    assertThat(ask(sql, true)).isEmpty();
    assertThat(ask(sql, false)).isNotEmpty();
  }

  @Test
  void theSessionReadsForGood() throws Exception {
    try (ReadOnlySession session = open(QueryLimits.PLAN, null)) {
      for (String sql :
          List.of(
              "SET TRANSACTION READ WRITE",
              "SELECT set_config('transaction_read_only', 'off', true)",
              "INSERT INTO shared.queries VALUES (1000)",
              "SELECT nextval('shared.numbers')")) {
        var before = session.connection().setSavepoint();
        // what the rules would refuse anyway, past the rules
        assertThatThrownBy(() -> TestDatabase.execute(session.connection(), sql))
            .isInstanceOf(SQLException.class);
        session.connection().rollback(before);
      }
      session.requireReadOnly();
      session.connection().rollback();
      assertThat(TestDatabase.query(session.connection(), "SHOW default_transaction_read_only"))
          .containsExactly("on");
    }
  }

  @Test
  void aQueryThatTakesTooLongIsEndedByTheServer() {
    QueryLimits brief = new QueryLimits(Duration.ofMillis(500), Duration.ofMinutes(1));

    assertThatThrownBy(
            () -> ask("SELECT count(*) FROM generate_series(1, 1000000000000)", false, brief, null))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("statement timeout");
  }

  @Test
  void anAnswerWithoutEndIsGivenUp() {
    QueryLimits brief = new QueryLimits(Duration.ofMinutes(1), Duration.ofSeconds(1));

    assertThatThrownBy(
            () ->
                ask(
                    "WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n FROM t) SELECT n FROM t",
                    false,
                    brief,
                    null))
        .isInstanceOf(QueryRefusedException.class)
        .hasMessageContaining("takes longer");
  }

  @Test
  void aRowThatIsTooLargeIsRefusedBeforeItIsInMemory() throws Exception {
    assertThat(ask("SELECT repeat('x', 3000000) FROM generate_series(1, 30)", false)).hasSize(30);
    assertThatThrownBy(() -> ask("SELECT repeat('x', 100000000)", false))
        .isInstanceOf(QueryRefusedException.class)
        .hasMessageContaining("returns a row of more than 4 MB");
  }

  @Test
  void theOperatorsRoleTakesTheUsersRightsAway() throws Exception {
    assertThat(ask("SELECT current_user, count(*) FROM queries", false, "pg_read_all_data").get(0))
        .containsExactly("pg_read_all_data", "100");
    assertThatThrownBy(
            () -> ask("SELECT current_setting('data_directory')", false, "pg_read_all_data"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("data_directory");
    assertThatThrownBy(() -> ask("SELECT 1", false, "nobody"))
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.PERMISSION_DENIED))
        .hasMessageContaining("cannot set the role nobody")
        .hasMessageContaining("queryRole");
  }

  /** All that a hostile text could have changed. */
  private static String state() throws SQLException {
    return String.join(
        ",",
        database.query(
            "SELECT (SELECT count(*) || md5(string_agg(q::text, '' ORDER BY id))"
                + " FROM shared.queries q) || ' ' || (SELECT last_value || is_called::text"
                + " FROM shared.numbers) || ' ' || (SELECT count(*) FROM pg_class) || ' '"
                + " || (SELECT count(*) FROM pg_largeobject_metadata) || ' '"
                + " || (SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                + " WHERE locktype = 'advisory' AND datname = current_database()) || ' '"
                + " || (SELECT count(*) FROM pg_replication_slots)"));
  }

  private static List<List<@Nullable String>> ask(String sql, boolean isPlan) throws Exception {
    return ask(sql, isPlan, (String) null);
  }

  private static List<List<@Nullable String>> ask(String sql, boolean isPlan, @Nullable String role)
      throws Exception {
    return ask(sql, isPlan, QueryLimits.PLAN, role);
  }

  private static List<List<@Nullable String>> ask(
      String sql, boolean isPlan, QueryLimits limits, @Nullable String role) throws Exception {
    List<List<@Nullable String>> rows = new ArrayList<>();
    try (ReadOnlySession session = open(limits, role)) {
      if (isPlan) {
        session.plan(sql);
        return rows;
      }
      try (QueryRows answer = session.run(sql)) {
        while (answer.next()) {
          rows.add(answer.row());
        }
      }
      session.requireReadOnly();
      return rows;
    }
  }

  private static ReadOnlySession open(QueryLimits limits, @Nullable String role) {
    return new QuerySessions(CONNECTIONS, role)
        .open(database.spec(), TestJournal.newMigrationId(), "test", "shared", limits);
  }
}
