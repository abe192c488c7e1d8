package com.matih.tenantmigration.activities.postgres.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.TestRequests;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What belongs to the shared database or server and not to the schema is moved or named. */
class SharedSideFactsIT extends RehearsalLab {

  private final String role = "facts_" + migrationId;

  @BeforeEach
  void createTable() throws SQLException {
    inShared(
        "CREATE TABLE queries (id int PRIMARY KEY, tenant_id text NOT NULL, body text)",
        "INSERT INTO queries VALUES (1, 'acme', 'x')");
  }

  @AfterEach
  void dropRoles() throws SQLException {
    source.close();
    target.close();
    source.inMaintenance("DROP ROLE IF EXISTS " + role);
    source.inMaintenance("DROP TABLESPACE IF EXISTS " + role);
    target.inMaintenance("DROP ROLE IF EXISTS " + role);
  }

  @Test
  void whatIsNoPartOfTheSchemaIsListedAsLeftBehind() throws SQLException {
    source.execute(
        "CREATE ROLE " + role,
        "GRANT USAGE ON SCHEMA shared TO " + role,
        "CREATE PUBLICATION changes FOR TABLE shared.queries",
        "CREATE FUNCTION public.note() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE EVENT TRIGGER noting ON ddl_command_end EXECUTE FUNCTION public.note()",
        "ALTER DATABASE %s SET app.secret = 'hush-hush'".formatted(source.name()),
        "ALTER ROLE %s SET work_mem = '5MB'".formatted(role),
        "ALTER DEFAULT PRIVILEGES IN SCHEMA shared GRANT SELECT ON TABLES TO " + role,
        "CREATE EXTENSION pg_trgm SCHEMA public",
        "CREATE SUBSCRIPTION %s CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false)"
            .formatted(role),
        "SET allow_in_place_tablespaces = on",
        "CREATE TABLESPACE %s LOCATION ''".formatted(role),
        "CREATE INDEX ON shared.queries (body) TABLESPACE " + role,
        "CREATE ACCESS METHOD other_heap TYPE TABLE HANDLER heap_tableam_handler",
        "CREATE TABLE shared.elsewhere (id int PRIMARY KEY, tenant_id text) USING other_heap",
        "CREATE TABLE shared.places (id int)",
        "INSERT INTO shared.places VALUES (1), (1001)",
        "CREATE EXTENSION tcn SCHEMA public",
        "ALTER EXTENSION tcn ADD TABLE shared.places",
        "SET allow_system_table_mods = on",
        // as pg_extension_config_dump() does in an extension's script
        "UPDATE pg_extension SET extconfig = ARRAY['shared.places'::regclass::oid],"
            + " extcondition = ARRAY['WHERE id > 1000'] WHERE extname = 'tcn'",
        "INSERT INTO pg_subscription_rel SELECT oid, 'shared.queries'::regclass, 'r'"
            + " FROM pg_subscription WHERE subname = '%s'".formatted(role),
        "INSERT INTO pg_seclabel VALUES ('shared.queries'::regclass, 'pg_class'::regclass, 3,"
            + " 'anon', 'MASKED')");
    try {
      PlanFindings plan = plan();

      assertThat(plan.refusals()).isEmpty();
      assertThat(plan.leftBehind())
          .extracting(LeftBehind::object)
          .containsExactlyInAnyOrder(
              "publication changes",
              "event trigger noting",
              "settings of database " + source.name(),
              "settings of role " + role,
              "default privileges of role postgres",
              "extension pg_trgm",
              "subscription " + role,
              "tablespace " + role,
              "access method other_heap",
              "shared.places",
              "security labels of provider anon");
      assertThat(plan.leftBehind())
          .allMatch(entry -> entry.count() == 1 && !entry.remedy().isEmpty());
      assertThat(plan.toString()).contains("app.secret").doesNotContain("hush-hush");
    } finally {
      source.execute(
          "DROP OWNED BY " + role,
          "ALTER SUBSCRIPTION %s SET (slot_name = NONE)".formatted(role),
          "DROP SUBSCRIPTION " + role);
    }
  }

  @Test
  void rightsThatDoNotMoveAreNamedWhateverTheyAreOn() throws SQLException {
    source.execute(
        "CREATE ROLE " + role,
        "GRANT UPDATE (body) ON shared.queries TO " + role,
        "CREATE FUNCTION shared.wipe() RETURNS void LANGUAGE sql SECURITY DEFINER"
            + " SET search_path = shared AS 'DELETE FROM queries'",
        "CREATE FUNCTION shared.harmless() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "REVOKE EXECUTE ON FUNCTION shared.wipe FROM PUBLIC");
    try {
      assertThat(plan().warnings())
          .filteredOn(warning -> warning.object().equals("shared"))
          .extracting(warning -> warning.message())
          .anyMatch(text -> text.startsWith("grants rights to %s.".formatted(role)))
          .anyMatch(text -> text.contains("not everybody may execute: wipe."))
          .anyMatch(text -> text.contains("(SECURITY DEFINER): wipe."));
    } finally {
      source.execute("DROP OWNED BY " + role);
    }
  }

  @Test
  void anEventTriggerThatRefusesTheFenceIsFoundBeforeIt() throws SQLException {
    source.execute(
        "CREATE FUNCTION public.no_ddl() RETURNS event_trigger LANGUAGE plpgsql AS"
            + " 'BEGIN RAISE EXCEPTION ''no changes''; END'",
        "CREATE EVENT TRIGGER no_triggers ON ddl_command_start WHEN TAG IN ('CREATE TRIGGER')"
            + " EXECUTE FUNCTION public.no_ddl()");

    PlanFindings plan = plan();

    assertThat(plan.refusals())
        .extracting(Refusal::object)
        .containsExactly("event triggers no_triggers");
    assertThat(plan.refusals().get(0).reason()).contains("no_ddl");

    source.execute("ALTER EVENT TRIGGER no_triggers DISABLE");
    assertThat(plan().refusals()).isEmpty();
    assertThat(source.query("SELECT 1 FROM pg_namespace WHERE nspname = 'tenant_migration_fence'"))
        .isEmpty();
  }

  @Test
  void aTableInUseIsNotWaitedForToTryTheFence() throws SQLException {
    source.execute(
        "CREATE FUNCTION public.note() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE EVENT TRIGGER noting ON ddl_command_end EXECUTE FUNCTION public.note()");
    try (Connection writer = source.connect()) {
      writer.setAutoCommit(false);
      com.matih.tenantmigration.activities.postgres.TestDatabase.execute(
          writer, "UPDATE shared.queries SET body = 'y'");

      assertThat(plan().warnings()).extracting(Warning::object).contains("event triggers noting");
    }
  }

  @Test
  void namesOfTheSchemaInTextsAreNamedAndObjectsAreNot() throws SQLException {
    inShared(
        "CREATE SEQUENCE no",
        "CREATE TEXT SEARCH CONFIGURATION own (COPY = pg_catalog.simple)",
        "CREATE TABLE tickets (no bigint PRIMARY KEY DEFAULT nextval(('shared.no'::text)::regclass),"
            + " fine bigint DEFAULT nextval('shared.no'), tenant_id text, plain text DEFAULT 'shared')",
        "CREATE TABLE docs (id int PRIMARY KEY, tenant_id text, body text, words tsvector)",
        "CREATE TRIGGER words BEFORE INSERT ON docs FOR EACH ROW EXECUTE FUNCTION"
            + " tsvector_update_trigger('words', 'shared.own', 'body')",
        "CREATE INDEX docs_words ON docs USING gin (to_tsvector('shared.own', body))",
        "CREATE VIEW counted AS SELECT currval('\"shared\".no'::text) AS n");

    List<Warning> warnings =
        plan().warnings().stream()
            .filter(warning -> warning.message().contains("in a text"))
            .toList();

    assertThat(warnings)
        .extracting(Warning::object)
        .containsExactly("shared.counted", "shared.docs words", "shared.tickets.no");
    assertThat(warnings).allMatch(warning -> warning.message().contains("targetSchema: shared"));
  }

  @Test
  void extensionsThatOnlyATextNamesComeAlong() throws SQLException {
    inShared(
        "CREATE EXTENSION pgcrypto SCHEMA public",
        "CREATE EXTENSION citext SCHEMA public",
        "CREATE EXTENSION hstore SCHEMA public",
        "CREATE FUNCTION hash() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'DECLARE c public.citext; BEGIN NEW.body := encode(digest (NEW.body, ''sha256''), ''hex'');"
            + " RETURN NEW; END'");

    PlanFindings plan = plan();

    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.leftBehind())
        .extracting(LeftBehind::object)
        .containsExactly("extension hstore");
  }

  @Test
  void arraysAndRowsOfAnExtensionsTypesMove() throws SQLException {
    inShared(
        "CREATE EXTENSION citext SCHEMA public",
        "CREATE TABLE tags (id int PRIMARY KEY, tenant_id text, names citext[])",
        "INSERT INTO tags VALUES (1, 'acme', '{A,b}')");

    PlanFindings plan = plan();

    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.leftBehind()).isEmpty();
  }

  @Test
  void numbersOfTheClustersOwnCountersAreWarnedOf() throws SQLException {
    inShared(
        "CREATE TABLE outbox (id int PRIMARY KEY, tenant_id text, tx xid8, at pg_lsn, seen xid8[])");

    assertThat(plan().warnings())
        .filteredOn(warning -> warning.object().equals("shared.outbox"))
        .extracting(Warning::message)
        .anyMatch(message -> message.contains("column tx of type xid8"))
        .anyMatch(message -> message.contains("column at of type pg_lsn"))
        .anyMatch(message -> message.contains("column seen of type xid8[]"));
  }

  @Test
  void countersInDefaultsAndTextsAreWarnedOfWhateverTheirType() throws SQLException {
    inShared(
        "CREATE TABLE outbox (id int PRIMARY KEY, tenant_id text, tx bigint DEFAULT txid_current())",
        "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN NEW.id := pg_current_xact_id(); RETURN NEW; END'");

    assertThat(plan().warnings())
        .anyMatch(
            warning ->
                warning.object().equals("shared.outbox")
                    && warning.message().contains("column tx (bigint)")
                    && warning.message().contains("txid_current"))
        .anyMatch(
            warning ->
                warning.object().equals("shared.stamp()")
                    && warning.message().contains("pg_current_xact_id"));
  }

  @Test
  void callsOfFunctionsThatDoNotMoveAreNamed() throws SQLException {
    source.execute(
        "CREATE FUNCTION public.util(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
        "CREATE FUNCTION public.own(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
        "CREATE FUNCTION public.lower(int) RETURNS text LANGUAGE sql AS 'SELECT $1::text'");
    inShared(
        "CREATE FUNCTION shared.own(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
        "CREATE FUNCTION calling(text) RETURNS text LANGUAGE plpgsql AS"
            + " 'BEGIN RETURN lower(own(util($1))); END'");

    assertThat(plan().warnings())
        .filteredOn(warning -> warning.message().contains("seems from its text"))
        .singleElement()
        .matches(warning -> warning.object().equals("shared.calling(text)"))
        .matches(warning -> warning.message().contains("to call public.util, which"));
  }

  @Test
  void relationsThatATextNamesAndThatDoNotMoveAreNamed() throws SQLException {
    source.execute(
        "CREATE SCHEMA common",
        "CREATE TABLE common.rates (currency text, euro numeric)",
        "CREATE TABLE common.notes (body text)",
        "CREATE TABLE common.queries (id int)",
        "CREATE SEQUENCE common.numbers");
    inShared(
        "CREATE FUNCTION priced() RETURNS numeric LANGUAGE plpgsql AS"
            + " 'DECLARE notes text; BEGIN SELECT body INTO notes FROM queries LIMIT 1;"
            + " RETURN (SELECT r.euro FROM rates r) + nextval(''numbers''); END'");

    assertThat(plan().warnings())
        .filteredOn(warning -> warning.message().contains("seems from its text"))
        .singleElement()
        .matches(warning -> warning.object().equals("shared.priced()"))
        .matches(
            warning ->
                warning
                    .message()
                    .contains("to use the sequence common.numbers, the table common.rates, which"));
  }

  @Test
  void anExistingTargetThatSortsOtherwiseIsWarnedOf() throws SQLException {
    target.inMaintenance(
        "CREATE DATABASE %s TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
            .formatted(target.name()));

    assertThat(plan().warnings())
        .anyMatch(
            warning ->
                warning.object().equals(target.name()) && warning.message().contains("locale C/C"));
  }

  @Test
  void aSequenceThatAnExcludedTableOwnsIsRefusedWithItsOwner() throws SQLException {
    inShared(
        "CREATE TABLE countries (code text PRIMARY KEY, no bigint)",
        "CREATE SEQUENCE shared_no OWNED BY countries.no",
        "CREATE TABLE docs (id int PRIMARY KEY, tenant_id text NOT NULL,"
            + " no bigint DEFAULT nextval('shared_no'))",
        "INSERT INTO docs VALUES (1, 'acme')");
    PostgresSpec excluding =
        PostgresSpecBuilder.like(spec(target.spec(), List.of()))
            .excludeTables(List.of("countries"))
            .build();

    Refusal refused = plan(context(excluding)).refusals().get(0);

    assertThat(refused.reason())
        .isEqualTo(
            "(table) uses sequence shared.shared_no, which belongs to shared.countries and"
                + " therefore is not migrated");
    assertThat(refused.remedy())
        .isEqualTo(
            "ALTER SEQUENCE shared.shared_no OWNED BY NONE, or let shared.countries move as well.");
    source.execute("ALTER SEQUENCE shared.shared_no OWNED BY NONE");
    assertThat(plan(context(excluding)).refusals()).isEmpty();
  }

  @Test
  void aTableWithoutColumnsIsRefused() throws SQLException {
    inShared("CREATE TABLE nothing ()");

    assertThat(plan(List.of("nothing")).refusals())
        .singleElement()
        .matches(refusal -> refusal.object().equals("shared.nothing"))
        .matches(refusal -> refusal.reason().contains("no column"));
  }

  @Test
  void queriesThatNameWhatIsMissingAreRefused() {
    PostgresSpec spec = spec(target.spec(), List.of());
    MigrationContext context =
        TestRequests.context(
            migrationId,
            TestRequests.request(
                "acme",
                spec,
                null,
                List.of(
                    "SELECT count(*) FROM {schema}.gone",
                    "SELECT nothing_like_it(id) FROM {schema}.queries",
                    "SELECT count(*) FROM {schema}.queries WHERE {tenant}")));

    assertThat(plan(context).refusals())
        .extracting(Refusal::reason)
        .hasSize(2)
        .anyMatch(reason -> reason.contains("gone"))
        .anyMatch(reason -> reason.contains("nothing_like_it"));
  }

  @Test
  void anIndexThatCallsAHelperIsNoWrongTenantColumn() throws SQLException {
    inShared(
        "CREATE FUNCTION tidy(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)'",
        "CREATE FUNCTION slug(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT tidy($1)'",
        "CREATE INDEX by_slug ON queries (slug(body))");
    assertThat(plan().refusals()).isEmpty();

    source.execute("GRANT CREATE ON SCHEMA shared TO PUBLIC");
    assertThat(plan().refusals())
        .isNotEmpty()
        .allMatch(refusal -> !refusal.reason().contains("tenant column"))
        .anyMatch(
            refusal ->
                refusal.reason().contains("tidy(text)") && refusal.reason().contains("REVOKE"));
  }
}
