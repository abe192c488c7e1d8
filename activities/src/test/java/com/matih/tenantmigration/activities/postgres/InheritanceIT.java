package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.PostgresTenantLeak;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.activities.postgres.plan.PostgresPlanner;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.restore.SnapshotRestorer;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.PostgresSpec.StorageReference;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables that inherit from one another: each moves with its own rows, and none is read, counted or
 * judged through another. Ids meet across the tables, so a row that is taken for one of another
 * table shows.
 */
class InheritanceIT {

  /** With the expressions in which their rows are compared; references are mapped as requested. */
  private static final Map<String, String> TABLES =
      Map.of(
          "parties",
          "id, tenant_id, name, replace(uri, 's3://shared-bucket/tenants/acme/', 's3://acme-bucket/')",
          "people",
          "id, tenant_id, name, uri, born",
          "contractors",
          "id, tenant_id, name, uri, born, iban, rate",
          "payees",
          "id, tenant_id, iban",
          "notes",
          "id, party, body",
          "limits",
          "id, tenant_id, most");

  private static final Map<String, Long> ROWS =
      Map.of(
          "parties",
          20L,
          "people",
          15L,
          "contractors",
          10L,
          "payees",
          5L,
          "notes",
          20L,
          "limits",
          1L);

  private final PostgresConnections connections =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());
  private CopyLab lab;

  @BeforeEach
  void createTables(@TempDir Path folder) throws SQLException {
    lab =
        CopyLab.rows(
            folder,
            "shared",
            List.of(),
            List.of(),
            List.of(new StorageReference("parties", "uri")));
    lab.source.execute(
        "CREATE SCHEMA shared",
        "SET search_path = shared",
        "CREATE TABLE limits (id int PRIMARY KEY, tenant_id text NOT NULL, most int)",
        "CREATE FUNCTION within(int) RETURNS boolean LANGUAGE sql STABLE AS"
            + " 'SELECT EXISTS (SELECT 1 FROM limits WHERE most >= $1)'",
        "CREATE TABLE parties (id serial PRIMARY KEY, tenant_id text NOT NULL, name text NOT NULL"
            + " CHECK (name <> ''), uri text, CONSTRAINT within CHECK (within(id)))",
        "CREATE TABLE people (born date, CONSTRAINT late CHECK (born > '1800-01-01'),"
            + " CONSTRAINT within CHECK (within(id)), PRIMARY KEY (id)) INHERITS (parties)",
        "CREATE INDEX ON people (born)",
        "CREATE TABLE payees (id int, tenant_id text, iban text)",
        "CREATE TABLE contractors (rate int, PRIMARY KEY (id)) INHERITS (people, payees)",
        "CREATE TABLE notes (id int PRIMARY KEY, party int NOT NULL REFERENCES parties, body text)",
        "INSERT INTO limits VALUES (1, 'acme', 1000)",
        "INSERT INTO parties SELECT i, CASE i % 2 WHEN 0 THEN 'acme' ELSE 'globex' END, 'party '"
            + " || i, 's3://shared-bucket/tenants/acme/' || i FROM generate_series(1, 40) i",
        // the same ids as those of parties, and other tenants'
        "INSERT INTO people SELECT i, CASE i % 2 WHEN 1 THEN 'acme' ELSE 'globex' END, 'person '"
            + " || i, 's3://shared-bucket/tenants/acme/p' || i, '2000-01-01'::date + i FROM"
            + " generate_series(1, 30) i",
        "INSERT INTO contractors SELECT i, CASE i % 2 WHEN 0 THEN 'acme' ELSE 'globex' END,"
            + " 'contractor ' || i, NULL, '1990-01-01'::date + i, 'DE' || i, i * 10 FROM"
            + " generate_series(1, 20) i",
        "INSERT INTO payees SELECT i, CASE i % 2 WHEN 0 THEN 'acme' ELSE 'globex' END, 'CH' || i"
            + " FROM generate_series(1, 10) i",
        "INSERT INTO notes SELECT i, i, 'note ' || i FROM generate_series(1, 40) i");
  }

  @AfterEach
  void dropDatabases() throws SQLException {
    lab.close();
  }

  @Test
  void eachTableOfATreeIsPlannedWithItsOwnRows() throws SQLException {
    PlanFindings plan = plan();

    // the lab has made the dedicated database already
    assertThat(plan.refusals()).extracting(Refusal::object).containsExactly(lab.target.name());
    StoresSummary.Postgres summary = plan.stores().postgres();
    assertThat(summary).isNotNull();
    for (StoresSummary.Table table : summary.tables()) {
      assertThat(table.rows()).as(table.table()).isEqualTo(ROWS.get(table.table().substring(7)));
    }
    assertThat(summary.tables()).hasSameSizeAs(TABLES.keySet());
    assertThat(plan.warnings())
        .filteredOn(warning -> warning.message().contains("mentioning s3://shared-bucket"))
        .extracting(warning -> warning.object() + " " + warning.message().substring(0, 6))
        .containsExactly("shared.people.uri has 15");
  }

  @Test
  void eachTableOfATreeMovesWithItsOwnRows() throws SQLException {
    StoresSummary.Postgres copied = lab.migrate();

    for (StoresSummary.Table table : copied.tables()) {
      assertThat(table.rows()).as(table.table()).isEqualTo(ROWS.get(table.table().substring(7)));
    }
    for (String table : TABLES.keySet()) {
      assertThat(rows(lab.target, "public", table, TABLES.get(table), "true"))
          .as(table)
          .isEqualTo(rows(lab.source, "shared", table, TABLES.get(table), isTenants(table)));
    }
    assertThat(lab.target.query("SELECT count(*) FROM public.parties")).containsExactly("45");
    for (String definitions :
        List.of(
            "SELECT c.relname || ' of ' || p.relname || ' ' || i.inhseqno FROM pg_inherits i JOIN"
                + " pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent WHERE"
                + " c.relkind = 'r' AND c.relnamespace = '%s'::regnamespace ORDER BY 1",
            "SELECT c.relname || ' ' || k.conname || ' ' || k.coninhcount || ' ' || k.conislocal ||"
                + " ' ' || k.convalidated FROM pg_constraint k JOIN pg_class c ON c.oid ="
                + " k.conrelid WHERE k.contype IN ('c', 'p', 'f') AND k.connamespace ="
                + " '%s'::regnamespace ORDER BY 1")) {
      assertThat(lab.target.query(definitions.formatted("public")))
          .isNotEmpty()
          .isEqualTo(lab.source.query(definitions.formatted("shared")));
    }
    assertThat(rowChecks().values()).allMatch(finding -> finding.namedMismatches().isEmpty());
    assertThat(rowChecks().get(CheckName.ROW_COUNT).comparedCount()).isEqualTo(6);
    assertThat(rowChecks().get(CheckName.ROW_CONTENT).comparedCount()).isEqualTo(71);
    assertThat(leak().namedMismatches()).isEmpty();
    assertThat(leak().comparedCount()).isEqualTo(71);
  }

  @Test
  void whatDiffersIsToldOfTheTableThatHoldsItAlone() throws SQLException {
    lab.migrate();
    lab.target.execute(
        "DELETE FROM ONLY public.people WHERE id = 1",
        "UPDATE ONLY public.people SET name = 'another' WHERE id = 3",
        "INSERT INTO public.contractors VALUES (77, 'globex', 'x', NULL, '1999-09-09', 'FR', 1)");

    Map<CheckName, Finding> checks = rowChecks();

    assertThat(checks.get(CheckName.ROW_COUNT).namedMismatches())
        .hasSize(2)
        .anyMatch(text -> text.contains("public.people"))
        .anyMatch(text -> text.contains("public.contractors"));
    assertThat(checks.get(CheckName.PRIMARY_KEY_CHECKSUM).namedMismatches())
        .hasSize(2)
        .noneMatch(text -> text.contains("public.parties"));
    assertThat(checks.get(CheckName.ROW_CONTENT).namedMismatches())
        .hasSize(3)
        .anyMatch(text -> text.startsWith("public.people: row '3' differs in name"))
        .noneMatch(text -> text.contains("public.parties"));
    assertThat(leak().namedMismatches())
        .singleElement()
        .satisfies(text -> assertThat(text).startsWith("public.contractors: row '77'"));
  }

  @Test
  void aRestoredSnapshotHoldsEachTablesOwnRows() throws SQLException {
    lab.migrate();
    TestDatabase restored = TestDatabase.create(TestServers.dedicatedPostgres());
    try (restored) {
      PostgresServer server = TestServers.dedicatedPostgres();
      new SnapshotRestorer(new ClientPrograms(), 2)
          .restore(
              lab.snapshot,
              server.jdbcUrl(restored.name()),
              server.user(),
              server.password(),
              ProgressMonitor.unmonitored());

      for (String table : TABLES.keySet()) {
        assertThat(rows(restored, "shared", table, TABLES.get(table), "true"))
            .as(table)
            .isEqualTo(rows(lab.source, "shared", table, TABLES.get(table), isTenants(table)));
      }
    }
  }

  @Test
  void aConstraintIsAskedOfTheRowsOfEachTableThatInheritsIt() throws SQLException {
    lab.source.execute(
        "CREATE FUNCTION shared.least() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE shared.bids (tenant_id text NOT NULL, n int, CONSTRAINT enough CHECK (n >="
            + " shared.least()))",
        "CREATE TABLE shared.old_bids () INHERITS (shared.bids)",
        "INSERT INTO shared.bids VALUES ('acme', 50)",
        "INSERT INTO shared.old_bids VALUES ('acme', 5), ('acme', 6), ('acme', 70)",
        "CREATE OR REPLACE FUNCTION shared.least() RETURNS int LANGUAGE sql AS 'SELECT 10'");

    assertThat(plan().refusals())
        .filteredOn(refusal -> refusal.reason().contains("enough"))
        .anySatisfy(refusal -> assertThat(refusal.reason()).startsWith("has 2 rows of the tenant"))
        .allSatisfy(refusal -> assertThat(refusal.object()).isEqualTo("shared.old_bids"));
  }

  @Test
  void theFenceStandsOnEachTableOfATree() throws SQLException {
    try (FenceLab fence =
        new FenceLab(
            "CREATE TABLE shared.parties (id int PRIMARY KEY, tenant_id text NOT NULL)",
            "CREATE TABLE shared.people (name text) INHERITS (shared.parties)",
            "CREATE TABLE shared.notes (id int, party int NOT NULL REFERENCES shared.parties)",
            "INSERT INTO shared.parties VALUES (1, 'globex'), (2, 'acme')",
            "INSERT INTO shared.people VALUES (1, 'acme', 'a'), (2, 'globex', 'g')")) {
      fence.raise();

      fence.refused("INSERT INTO shared.people VALUES (3, 'acme', 'x')");
      fence.refused("UPDATE shared.parties SET id = id + 10 WHERE tenant_id = 'acme'");
      fence.refused("DELETE FROM shared.people WHERE id = 1");
      fence.refused("TRUNCATE shared.parties CASCADE");
      fence.refused("TRUNCATE ONLY shared.people");
      fence.refused("INSERT INTO shared.notes VALUES (1, 2)");
      fence.passes("INSERT INTO shared.people VALUES (4, 'globex', 'x')");
      fence.passes("UPDATE shared.parties SET tenant_id = 'globex' WHERE tenant_id = 'globex'");
      // acme has a row of that number among people, to which the foreign key does not lead
      fence.passes("INSERT INTO shared.notes VALUES (1, 1)");
      assertThat(fence.missing()).isEmpty();

      fence.database.execute("DROP TRIGGER \"%s\" ON shared.people".formatted(trigger(fence)));
      assertThat(fence.missing())
          .singleElement()
          .satisfies(text -> assertThat(text).startsWith("shared.people"));

      assertThat(fence.release().left()).isEmpty();
      fence.passes("INSERT INTO shared.people VALUES (3, 'acme', 'x')");
      fence.remove();
      assertThat(fence.fenceTriggers()).isEmpty();
    }
  }

  private static String trigger(FenceLab fence) throws SQLException {
    return fence
        .database
        .query(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'shared.people'::regclass AND tgname"
                + " LIKE '~~~%insert'")
        .get(0);
  }

  @Test
  void referencesAreRewrittenInTheTableThatTheRequestNames() throws SQLException {
    lab.migrate();

    assertThat(
            lab.target.query("SELECT count(*) FROM ONLY public.parties WHERE uri LIKE 's3://a%'"))
        .containsExactly("20");
    assertThat(lab.target.query("SELECT count(*) FROM ONLY public.people WHERE uri LIKE 's3://s%'"))
        .containsExactly("15");
  }

  @Test
  void aTableThatOtherSchemasInheritFromIsRefusedByTheirNames() throws SQLException {
    lab.source.execute(
        "CREATE SCHEMA other", "CREATE TABLE other.guests () INHERITS (shared.parties)");

    assertThat(plan().refusals())
        .filteredOn(refusal -> refusal.object().equals("shared.parties"))
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.reason()).contains("other.guests"));
    assertThatThrownBy(lab::tables).hasMessageContaining("shared.parties");
  }

  private static String isTenants(String table) {
    return table.equals("notes") ? "t.id % 2 = 0" : "tenant_id = 'acme'";
  }

  /** A table's own rows, each as a text. */
  private static List<String> rows(
      TestDatabase database, String schema, String table, String columns, String condition)
      throws SQLException {
    return database.query(
        "SELECT row(%s)::text FROM ONLY %s.%s AS t WHERE %s ORDER BY 1"
            .formatted(columns, schema, table, condition));
  }

  private Map<CheckName, Finding> rowChecks() {
    return new TableComparison(connections, context -> lab.snapshot)
        .rows(lab.context, ProgressMonitor.unmonitored());
  }

  private Finding leak() {
    return new PostgresTenantLeak(connections)
        .findForeign(lab.context, ProgressMonitor.unmonitored());
  }

  private PlanFindings plan() {
    return new PostgresPlanner(
            connections,
            new ClientPrograms(),
            new QuerySessions(connections, null),
            TestObjects.ALL)
        .plan(lab.context, ProgressMonitor.unmonitored());
  }
}
