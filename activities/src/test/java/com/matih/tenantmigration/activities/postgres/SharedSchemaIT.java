package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.FileSnapshotStorage;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.PostgresTenantLeak;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.activities.postgres.plan.PostgresPlanner;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.restore.SnapshotRestorer;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tenant has a schema of its own, and tenants share another one, {@code public}: what the
 * tenant's schema uses of it moves along, and nothing else.
 */
class SharedSchemaIT {

  static final String[] PLATFORM = {
    "CREATE TYPE public.plan AS ENUM ('free', 'paid')",
    "COMMENT ON TYPE public.plan IS 'what tenants pay'",
    "CREATE TYPE public.unused AS ENUM ('a')",
    "COMMENT ON TYPE public.unused IS 'nobody needs it'",
    "CREATE DOMAIN public.positive AS int CHECK (VALUE > 0)",
    "CREATE TYPE public.amount AS (value numeric, currency text)",
    "CREATE SEQUENCE public.ticket_numbers",
    "SELECT setval('public.ticket_numbers', 41)",
    "CREATE TABLE public.continents (code text PRIMARY KEY, name text)",
    "CREATE TABLE public.countries (code char(2) PRIMARY KEY, name text NOT NULL, continent text"
        + " REFERENCES public.continents, rank public.positive, CHECK (name <> ''))",
    "CREATE INDEX by_name ON public.countries (lower(name))",
    "CREATE TABLE public.settings (key text PRIMARY KEY, value text)",
    "INSERT INTO public.continents VALUES ('eu', 'Europe')",
    "INSERT INTO public.countries VALUES ('de', 'Germany', 'eu', 1), ('fr', 'France', 'eu', 2)",
    "INSERT INTO public.settings VALUES ('theme', 'dark')",
    "CREATE TABLE public.users (id int PRIMARY KEY, email text)",
    "INSERT INTO public.users VALUES (1, 'ann@acme.example'), (2, 'bob@globex.example')",
    "CREATE FUNCTION public.shout(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper(t)'",
    "CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS"
        + " 'BEGIN NEW.note := public.shout(NEW.note); RETURN NEW; END'",
    "CREATE FUNCTION public.unused() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA acme",
    "CREATE SCHEMA globex"
  };

  static final String[] TENANT = {
    "CREATE TABLE %1$s.customers (id bigint PRIMARY KEY, plan public.plan NOT NULL, country char(2)"
        + " REFERENCES public.countries, price public.amount, seats public.positive,"
        + " number bigint DEFAULT nextval('public.ticket_numbers'), note text)",
    "CREATE TABLE %1$s.settings (id int PRIMARY KEY, plans public.plan[])",
    "CREATE TRIGGER touch BEFORE UPDATE ON %1$s.customers FOR EACH ROW EXECUTE FUNCTION"
        + " public.touch()",
    "INSERT INTO %1$s.customers (id, plan, country, price, seats, note) VALUES"
        + " (1, 'free', 'de', (1.50, 'EUR'), 3, 'one'), (2, 'paid', 'fr', NULL, 1, 'two')",
    "INSERT INTO %1$s.settings VALUES (1, '{free,paid}')"
  };

  private static final PostgresConnections CONNECTIONS =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());
  private static final QuerySessions QUERIES = new QuerySessions(CONNECTIONS, null);

  @TempDir Path folder;
  private CopyLab lab;

  @AfterEach
  void closeLab() throws SQLException {
    lab.close();
  }

  private void create(String targetSchema, List<String> references, Map<String, TableRule> tables)
      throws SQLException {
    lab = CopyLab.ownSchema(folder, "acme", targetSchema, references, tables);
    lab.source.execute(PLATFORM);
    for (String tenant : List.of("acme", "globex")) {
      for (String statement : TENANT) {
        lab.source.execute(statement.formatted(tenant));
      }
    }
  }

  /** A plan to a database that is not there yet. */
  private PlanFindings plan() {
    TestDatabase target = TestDatabase.named(TestServers.dedicatedPostgres());
    PostgresSpec elsewhere = PostgresSpecBuilder.like(lab.spec()).target(target.spec()).build();
    return new PostgresPlanner(CONNECTIONS, new ClientPrograms(), QUERIES, TestObjects.ALL)
        .plan(
            TestRequests.context(
                TestJournal.newMigrationId(), TestRequests.withPostgres(elsewhere)),
            ProgressMonitor.unmonitored());
  }

  /** What the checks of rows, and the one of leaks, find. */
  private List<String> mismatches() {
    TableComparison tables = new TableComparison(CONNECTIONS, context -> lab.snapshot);
    ProgressMonitor monitor = ProgressMonitor.unmonitored();
    List<Finding> findings =
        List.of(
            tables.rowCounts(lab.context, monitor),
            tables.primaryKeys(lab.context, monitor),
            tables.rowContents(lab.context, monitor),
            new PostgresTenantLeak(CONNECTIONS).findForeign(lab.context, monitor));
    assertThat(findings).allSatisfy(finding -> assertThat(finding.comparedCount()).isPositive());
    return findings.stream().flatMap(finding -> finding.namedMismatches().stream()).toList();
  }

  @Test
  void whatTheSchemaUsesOfASharedOneMovesAlongAndNothingElse() throws SQLException {
    create("acme", List.of(), Map.of());

    PlanFindings plan = plan();

    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.warnings())
        .filteredOn(warning -> warning.object().equals("schema public"))
        .extracting(Warning::message)
        .singleElement()
        .asString()
        .contains(
            "function shout(text), function touch(), sequence ticket_numbers, table continents,"
                + " table countries, type amount, type plan, type positive");
    assertThat(plan.leftBehind())
        .filteredOn(left -> left.object().equals("schema public"))
        .extracting(LeftBehind::count)
        .containsExactly(4L);
    assertThat(plan.stores().postgres().tables())
        .extracting(table -> table.table(), table -> table.rows())
        .containsExactlyInAnyOrder(
            tuple("acme.customers", 2L),
            tuple("acme.settings", 1L),
            tuple("public.continents", 1L),
            tuple("public.countries", 2L));

    lab.migrate();

    assertThat(lab.target.query(objects())).containsExactlyElementsOf(expected());
    for (String table : List.of("continents", "countries")) {
      assertThat(CopyLab.rows(lab.target, new TableName("public", table), "true"))
          .isEqualTo(CopyLab.rows(lab.source, new TableName("public", table), "true"));
    }
    assertThat(CopyLab.rows(lab.target, new TableName("acme", "customers"), "true"))
        .isEqualTo(CopyLab.rows(lab.source, new TableName("acme", "customers"), "true"));
    assertThat(lab.target.query("SELECT nextval('public.ticket_numbers')"))
        .isEqualTo(lab.source.query("SELECT nextval('public.ticket_numbers')"));
    assertThat(mismatches()).isEmpty();
    lab.target.execute("UPDATE acme.customers SET plan = 'paid' WHERE id = 1");
    assertThat(lab.target.query("SELECT note FROM acme.customers WHERE id = 1"))
        .containsExactly("ONE");
  }

  @Test
  void aSnapshotHoldsWhatMovedAlong() throws SQLException {
    create("acme", List.of("public.settings"), Map.of());
    lab.source.execute(
        "CREATE TABLE public.zones (code text PRIMARY KEY, n int) PARTITION BY LIST (code)",
        "CREATE TABLE public.zones_a PARTITION OF public.zones FOR VALUES IN ('a')",
        "CREATE TABLE public.zones_rest PARTITION OF public.zones DEFAULT",
        "INSERT INTO public.zones VALUES ('a', 1), ('b', 2)",
        "ALTER TABLE acme.customers ADD zone text REFERENCES public.zones",
        "CREATE FUNCTION public.is_country(char) RETURNS boolean LANGUAGE sql STABLE AS"
            + " 'SELECT EXISTS (SELECT 1 FROM public.countries WHERE code = $1)'",
        "ALTER TABLE acme.customers ADD CONSTRAINT known CHECK (public.is_country(country))");
    lab.migrate();
    // what others change later is not the migration's fault
    lab.source.execute(
        "INSERT INTO public.countries VALUES ('it', 'Italy', 'eu', 3)",
        "UPDATE public.zones SET n = 3 WHERE code = 'a'");
    assertThat(mismatches()).isEmpty();
    try (TestDatabase restored = TestDatabase.create(TestServers.dedicatedPostgres())) {
      SnapshotRestorer.Restored answer =
          new SnapshotRestorer(new ClientPrograms(), 2)
              .restore(
                  FileSnapshotStorage.at(lab.snapshot.location()),
                  restored.spec().url(),
                  restored.spec().user(),
                  TestServers.dedicatedPostgres().password(),
                  ProgressMonitor.unmonitored());

      assertThat(answer.tables()).isEqualTo(7);
      assertThat(restored.query("SELECT sum(n) FROM public.zones")).containsExactly("3");
      assertThat(restored.query("SELECT convalidated FROM pg_constraint WHERE conname = 'known'"))
          .containsExactly("t");
      assertThat(restored.query("SELECT key FROM public.settings")).containsExactly("theme");
      assertThat(restored.query("SELECT count(*) FROM public.countries")).containsExactly("2");
      assertThat(restored.query("SELECT plans FROM acme.settings")).containsExactly("{free,paid}");
    }
  }

  @Test
  void aTableOfPeopleIsRefusedUntilARequestSaysThatAllMayHaveIt() throws SQLException {
    create("acme", List.of(), Map.of());
    lab.source.execute(
        "ALTER TABLE acme.customers ADD owner int REFERENCES public.users",
        "UPDATE acme.customers SET owner = 1");

    assertThat(plan().refusals())
        .extracting(Refusal::object, Refusal::reason)
        .containsExactly(
            tuple(
                "public.users",
                "is in a schema that tenants share and seems, by its name, to hold tenants or"
                    + " people, so copying all rows could include other tenants' data (table"
                    + " constraint customers_owner_fkey on acme.customers leads to it)"));
    lab.migrate();
    assertThat(mismatches())
        .anySatisfy(
            mismatch -> assertThat(mismatch).startsWith("public.users was copied whole, but it"));
  }

  @Test
  void whatARequestConfirmsMoves() throws SQLException {
    create("acme", List.of(), Map.of("public.users", TableRule.shared()));
    lab.source.execute("ALTER TABLE acme.customers ADD owner int REFERENCES public.users");

    assertThat(plan().refusals()).isEmpty();
    lab.migrate();

    assertThat(mismatches()).isEmpty();
    assertThat(lab.target.query("SELECT count(*) FROM public.users")).containsExactly("2");
  }

  @Test
  void rowsThatTenantsDoNotShareAreDoubted() throws SQLException {
    create("acme", List.of(), Map.of());
    lab.source.execute(
        "CREATE TABLE public.files (id int PRIMARY KEY, name text)",
        "INSERT INTO public.files VALUES (1, 'a'), (2, 'b')",
        "ALTER TABLE acme.customers ADD file int REFERENCES public.files",
        "ALTER TABLE globex.customers ADD file int REFERENCES public.files",
        "UPDATE acme.customers SET file = 1",
        "UPDATE globex.customers SET file = 2");

    assertThat(plan().refusals()).extracting(Refusal::object).containsExactly("public.files");

    lab.source.execute("UPDATE globex.customers SET file = id");
    assertThat(plan().refusals()).isEmpty();
  }

  @Test
  void aRegisterOfTenantsIsToldByItsContent() throws SQLException {
    create("acme", List.of("public.places"), Map.of());
    lab.source.execute(
        "CREATE TABLE public.places (id int PRIMARY KEY, label text)",
        "INSERT INTO public.places VALUES (1, 'globex')");

    assertThat(plan().refusals())
        .extracting(Refusal::object, Refusal::remedy)
        .containsExactly(
            tuple(
                "public.places",
                "Write `\"public.places\": {sharedWithAll: true}` into postgres.tables if every tenant"
                    + " may have all its rows, or drop what leads to it."));
  }

  /** Nothing of the tenant's own names them: a table, a function's text and a dictionary do. */
  @Test
  void extensionsThatOnlySharedObjectsUseAreCreated() throws SQLException {
    create("acme", List.of(), Map.of());
    lab.source.execute(
        "CREATE EXTENSION citext SCHEMA public",
        "CREATE EXTENSION unaccent SCHEMA public",
        "CREATE EXTENSION hstore SCHEMA public",
        "CREATE EXTENSION pg_trgm SCHEMA public",
        "CREATE TABLE public.genres (id int PRIMARY KEY, slug citext UNIQUE)",
        "INSERT INTO public.genres VALUES (1, 'SciFi')",
        "CREATE FUNCTION public.f_unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE AS"
            + " $$ SELECT public.unaccent('public.unaccent', $1) $$",
        "CREATE TEXT SEARCH CONFIGURATION public.plain (COPY = pg_catalog.simple)",
        "ALTER TEXT SEARCH CONFIGURATION public.plain ALTER MAPPING FOR word, asciiword"
            + " WITH public.unaccent, pg_catalog.simple",
        "ALTER TABLE acme.customers ADD genre int REFERENCES public.genres",
        "CREATE INDEX plain_note ON acme.customers (public.f_unaccent(note))",
        "ALTER TABLE acme.customers ADD words tsvector GENERATED ALWAYS AS"
            + " (to_tsvector('public.plain'::regconfig, note)) STORED",
        "CREATE FUNCTION acme.dependent() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER FUNCTION acme.dependent() DEPENDS ON EXTENSION pg_trgm",
        // in capitals, by the table's trigger
        "UPDATE acme.customers SET genre = 1, note = 'JOSÉ' WHERE id = 1");

    assertThat(plan().refusals()).isEmpty();
    lab.migrate();

    assertThat(lab.target.query("SELECT extname FROM pg_extension ORDER BY 1"))
        .containsExactly("citext", "pg_trgm", "plpgsql", "unaccent");
    assertThat(
            lab.target.query(
                "SELECT c.note || g.slug FROM acme.customers c JOIN public.genres g ON g.id = c.genre"
                    + " WHERE public.f_unaccent(note) = 'JOSE' AND slug = 'scifi'"
                    + " AND words @@ to_tsquery('public.plain', 'jose')"))
        .containsExactly("JOSÉSciFi");
    assertThat(mismatches()).isEmpty();
  }

  @Test
  void whatCannotMoveAlongIsNamed() throws SQLException {
    create("public", List.of("public.nowhere"), Map.of());
    lab.source.execute(
        "CREATE MATERIALIZED VIEW public.totals AS SELECT 1 AS n",
        "CREATE VIEW acme.overview AS SELECT n FROM public.totals",
        "CREATE TYPE globex.secret AS ENUM ('x')",
        "ALTER TABLE acme.customers ADD s globex.secret");

    assertThat(plan().refusals())
        .extracting(Refusal::object)
        .containsExactlyInAnyOrder(
            "materialized view public.totals", "type globex.secret", "public", "public.nowhere");
  }

  @Test
  void anOrphanUnderAKeyToASharedTableIsCounted() throws SQLException {
    create("acme", List.of(), Map.of());
    lab.source.execute(
        "SET session_replication_role = replica; DELETE FROM public.countries WHERE code = 'fr'");

    assertThat(plan().refusals())
        .extracting(Refusal::object, Refusal::reason)
        .containsExactly(
            tuple(
                "acme.customers",
                "has 1 row referencing a row that does not exist (foreign key customers_country_fkey"
                    + " to public.countries): the key is marked as valid and is not"));
  }

  private static String objects() {
    return "SELECT i.type || ' ' || i.identity FROM (SELECT 'pg_class'::regclass::oid AS c, oid FROM"
        + " pg_class WHERE relkind IN ('r', 'v', 'S') AND relnamespace IN ('public'::regnamespace,"
        + " 'acme'::regnamespace) UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE"
        + " pronamespace = 'public'::regnamespace UNION ALL SELECT 'pg_type'::regclass, oid FROM"
        + " pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')) o,"
        + " pg_identify_object(c, oid, 0) i ORDER BY 1";
  }

  private static List<String> expected() {
    return List.of(
        "function public.shout(pg_catalog.text)",
        "function public.touch()",
        "sequence public.ticket_numbers",
        "table acme.customers",
        "table acme.settings",
        "table public.continents",
        "table public.countries",
        "type public.plan",
        "type public.positive");
  }
}
