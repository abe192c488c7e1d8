package com.matih.tenantmigration.activities.postgres.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.TestRequests;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the dedicated server would refuse after the fence is refused by the plan. */
class RehearsalIT extends RehearsalLab {

  @Test
  void everyObjectThatCannotBeCreatedIsNamed() throws SQLException {
    inShared(
        "CREATE FUNCTION gone(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
        "CREATE FUNCTION also_gone() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 1::bigint'",
        "CREATE FUNCTION slug(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS"
            + " 'BEGIN RETURN gone($1); END'",
        "CREATE FUNCTION total() RETURNS bigint LANGUAGE plpgsql STABLE AS"
            + " 'BEGIN RETURN also_gone(); END'",
        "CREATE TABLE by_index (id int PRIMARY KEY, tenant_id text, title text)",
        "INSERT INTO by_index VALUES (1, 'acme', 'a title')",
        "CREATE INDEX by_slug ON by_index (slug(title))",
        "CREATE MATERIALIZED VIEW totals AS SELECT total() AS n",
        "DROP FUNCTION gone(text)",
        "DROP FUNCTION also_gone()");

    PlanFindings plan = plan();

    assertThat(plan.refusals())
        .extracting(Refusal::object)
        .containsExactlyInAnyOrder("shared.by_index", "shared.totals");
    assertThat(refusal(plan, "shared.by_index").reason())
        .contains("gone(text) does not exist", "slug")
        .doesNotContain("a title");
    assertThat(refusal(plan, "shared.totals").reason()).contains("also_gone()", "total");
    assertThat(scratchDatabases(migrationId)).isEmpty();
  }

  @Test
  void aTableThatCannotBeCreatedIsNamedWithAllOthers() throws SQLException {
    inShared(
        "CREATE TABLE queries (id int PRIMARY KEY, tenant_id text)",
        "CREATE FUNCTION \"two words\"(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'",
        "CREATE FUNCTION other() RETURNS int LANGUAGE sql AS 'SELECT 2'");
    // as a library that the target lacks
    source.execute(
        "UPDATE pg_proc SET prolang = (SELECT oid FROM pg_language WHERE lanname = 'c'),"
            + " probin = '$libdir/nowhere', prosrc = 'f'"
            + " WHERE pronamespace = 'shared'::regnamespace");

    PlanFindings plan = plan();

    assertThat(plan.refusals())
        .extracting(Refusal::object)
        .containsExactlyInAnyOrder(
            "two words(integer) (function of shared)", "other() (function of shared)");
    assertThat(plan.refusals())
        .allMatch(refusal -> refusal.reason().contains("$libdir/nowhere"))
        .allMatch(refusal -> refusal.remedy().contains("Install"));
  }

  @Test
  void queriesThatNameWhatIsNotOnTheDedicatedDatabaseAreRefused() throws SQLException {
    inShared(
        "CREATE TABLE queries (id int PRIMARY KEY, tenant_id text, body text)",
        "INSERT INTO queries VALUES (1, 'acme', 'a body')",
        "CREATE TABLE flags (tenant_id text PRIMARY KEY, name text)");
    String joined = "SELECT id, name AS body FROM queries JOIN flags USING (tenant_id)";

    PlanFindings plan =
        plan(
            TestRequests.context(
                migrationId,
                TestRequests.request(
                    "acme",
                    withoutFlags(),
                    null,
                    new RedisSpec(
                        new RedisSpec.Source("redis://127.0.0.1:1", "acme:"),
                        new RedisSpec.Target("redis://127.0.0.1:1"),
                        List.of(
                            loader("right:{id}", "SELECT id, body FROM queries"),
                            loader("schema:{id}", "SELECT id, body FROM shared.queries"),
                            loader("stays:{id}", joined))),
                    List.of(
                        "SELECT body FROM {schema}.queries WHERE {tenant}",
                        "SELECT name FROM {schema}.flags WHERE {tenant}"))));

    assertThat(plan.refusals())
        .extracting(refusal -> refusal.object() + " " + refusal.reason() + " " + refusal.remedy())
        .satisfiesExactly(
            query ->
                assertThat(query)
                    .startsWith("verification.queries has a query that fails on the dedicated")
                    .contains("public.flags", "excludeTables"),
            schema ->
                assertThat(schema)
                    .startsWith("redis.warm schema:{id} ")
                    .contains("shared.queries", "public", "without a schema"),
            stays -> assertThat(stays).startsWith("redis.warm stays:{id} ").contains("\"flags\""));
    assertThat(scratchDatabases(migrationId)).isEmpty();
  }

  private PostgresSpec withoutFlags() {
    return PostgresSpecBuilder.rows(source.spec(), target.spec())
        .excludeTables(List.of("flags"))
        .parallelism(2)
        .build();
  }

  private static RedisSpec.Loader loader(String key, String sql) {
    return new RedisSpec.Loader(key, sql, "body", Duration.ofHours(1));
  }

  @Test
  void helpersThatAreCalledByTheirBareNamesWorkAsTheyDoForServices() throws SQLException {
    inShared(
        "CREATE FUNCTION tidy(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(btrim($1))'",
        "CREATE FUNCTION slug(text) RETURNS text LANGUAGE sql IMMUTABLE AS"
            + " 'SELECT replace(tidy($1), '' '', ''-'')'",
        "CREATE FUNCTION total() RETURNS bigint LANGUAGE plpgsql STABLE AS"
            + " 'BEGIN RETURN (SELECT count(*) FROM by_index); END'",
        "CREATE TABLE by_index (id int PRIMARY KEY, tenant_id text, title text,"
            + " CHECK (slug(title) <> ''), s text GENERATED ALWAYS AS (slug(title)) STORED)",
        "CREATE UNIQUE INDEX by_slug ON by_index (tenant_id, slug(title))",
        "INSERT INTO by_index SELECT i, 'acme', ' Title ' || i FROM generate_series(1, 300) i",
        "CREATE MATERIALIZED VIEW totals AS SELECT total() AS n");

    PlanFindings plan = plan();

    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.warnings()).noneMatch(warning -> warning.message().contains("tidy"));
  }

  @Test
  void aSchemaInWhichOthersMayCreateIsNotSearched() throws SQLException {
    inShared(
        "CREATE FUNCTION tidy(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)'",
        "CREATE FUNCTION slug(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS"
            + " 'BEGIN RETURN tidy($1); END'",
        "CREATE TABLE queries (id int PRIMARY KEY, tenant_id text, title text,"
            + " CHECK (slug(title) <> ''))",
        "INSERT INTO queries VALUES (1, 'acme', 'x')",
        "GRANT CREATE ON SCHEMA shared TO PUBLIC");

    PlanFindings plan = plan();

    // it was not run with our rights where others could have put another tidy()
    assertThat(plan.warnings())
        .anyMatch(
            warning ->
                warning.object().equals("shared.queries")
                    && warning.message().contains("tidy(text) does not exist"));
    assertThat(plan.refusals()).isEmpty();
  }

  @Test
  void aCheckThatReadsAnotherTableComesAfterAllRows() throws SQLException {
    inShared(
        "CREATE TABLE kinds (kind text PRIMARY KEY)",
        "INSERT INTO kinds VALUES ('x')",
        "CREATE FUNCTION is_kind(text) RETURNS boolean LANGUAGE sql STABLE AS"
            + " 'SELECT EXISTS (SELECT 1 FROM kinds WHERE kind = $1)'",
        "CREATE TABLE events (id int PRIMARY KEY, tenant_id text, kind text,"
            + " CONSTRAINT known CHECK (is_kind(kind)))",
        "INSERT INTO events VALUES (1, 'acme', 'x')");

    PlanFindings plan = plan(List.of("kinds"));

    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.warnings())
        .filteredOn(warning -> warning.object().equals("shared.events"))
        .extracting(warning -> warning.message())
        .anyMatch(
            message ->
                message.startsWith("has the constraint known (CHECK (shared.is_kind(kind))), which")
                    && message.contains("It is added when all rows have arrived"));
  }

  @Test
  void aCheckThatDoesNotWorkOnTheDedicatedSideIsRefusedWithItsFunction() throws SQLException {
    inShared(
        "CREATE FUNCTION public.helper(text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE FUNCTION is_kind(k text) RETURNS boolean LANGUAGE plpgsql STABLE AS"
            + " 'BEGIN RETURN public.helper(k); END'",
        "CREATE TABLE events (id int PRIMARY KEY, tenant_id text, kind text,"
            + " CONSTRAINT known CHECK (is_kind(kind)))",
        "INSERT INTO events VALUES (1, 'acme', 'x')");

    PlanFindings plan = plan();

    assertThat(plan.refusals()).hasSize(1);
    assertThat(refusal(plan, "shared.events").reason()).contains("public.helper(text)");
  }

  @Test
  void aDomainThatReadsATableIsRefusedWithItsFunction() throws SQLException {
    inShared(
        "CREATE TABLE kinds (kind text PRIMARY KEY)",
        "INSERT INTO kinds VALUES ('x')",
        "CREATE FUNCTION is_kind(text) RETURNS boolean LANGUAGE sql STABLE AS"
            + " 'SELECT EXISTS (SELECT 1 FROM kinds WHERE kind = $1)'",
        "CREATE DOMAIN kind AS text CONSTRAINT known CHECK (is_kind(VALUE))",
        "CREATE TABLE events (id int PRIMARY KEY, tenant_id text, kind kind)",
        "INSERT INTO events VALUES (1, 'acme', 'x')");

    PlanFindings plan = plan(List.of("kinds"));

    assertThat(plan.refusals()).hasSize(1);
    assertThat(refusal(plan, "shared.events").reason()).contains("known");
  }

  @Test
  void rowsThatNoLongerPassAreCountedByConstraint() throws SQLException {
    inShared(
        "CREATE DOMAIN upcoming AS date CHECK (VALUE >= CURRENT_DATE)",
        "CREATE TABLE bookings (id int PRIMARY KEY, tenant_id text, starts date, ends date)",
        "CREATE TABLE parts (id int, tenant_id text, at date) PARTITION BY RANGE (at)",
        "CREATE TABLE parts_all PARTITION OF parts DEFAULT",
        "INSERT INTO bookings SELECT i, CASE WHEN i <= 50 THEN 'acme' ELSE 'globex' END,"
            + " date '2020-01-01' + i, date '2020-01-01' FROM generate_series(1, 60) i",
        "INSERT INTO parts VALUES (1, 'acme', '2020-01-01')",
        "ALTER TABLE bookings ADD CONSTRAINT not_in_the_past CHECK (starts >= CURRENT_DATE) NOT VALID",
        "ALTER TABLE bookings ADD CONSTRAINT stays_so CHECK (ends >= CURRENT_DATE) NOT VALID",
        "ALTER TABLE parts_all ADD CONSTRAINT of_the_part CHECK (at >= CURRENT_DATE) NOT VALID");
    // as if each row had been checked on its own day
    source.execute(
        "UPDATE pg_constraint SET convalidated = true WHERE conname IN ('not_in_the_past', 'of_the_part')",
        "UPDATE pg_attribute SET atttypid = 'shared.upcoming'::regtype"
            + " WHERE attrelid = 'shared.bookings'::regclass AND attname = 'ends'");

    PlanFindings plan = plan();

    assertThat(plan.refusals())
        .extracting(Refusal::reason)
        .anyMatch(reason -> reason.contains("50 rows") && reason.contains("not_in_the_past"))
        .anyMatch(reason -> reason.contains("50 rows") && reason.contains("upcoming_check"))
        .anyMatch(reason -> reason.contains("1 row ") && reason.contains("of_the_part"))
        .noneMatch(reason -> reason.contains("stays_so"))
        .hasSize(3);
  }

  @Test
  void whatDependsOnTheTimeZoneIsCountedWithTheDatabasesOwn() throws SQLException {
    String days =
        "INSERT INTO computed (id, tenant_id, at) SELECT i, 'acme',"
            + " timestamptz '2026-07-01 00:30+02' + i * interval '1 h' FROM generate_series(0, 47) i";
    inShared(
        "CREATE FUNCTION day_of(timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS 'SELECT $1::date'",
        "CREATE TABLE computed (id int PRIMARY KEY, tenant_id text, at timestamptz,"
            + " day date GENERATED ALWAYS AS (day_of(at)) STORED)",
        "SET TimeZone = 'Europe/Berlin'; " + days);

    assertThat(refusal(plan(), "shared.computed").reason()).contains("4 rows", "column day", "UTC");

    source.execute("ALTER DATABASE %s SET timezone = 'Europe/Berlin'".formatted(source.name()));
    assertThat(plan().refusals()).isEmpty();
  }

  @Test
  void earthdistanceMovesWithWhatItRequires() throws SQLException {
    inShared(
        "CREATE EXTENSION cube SCHEMA public",
        "CREATE EXTENSION earthdistance SCHEMA public",
        "CREATE TABLE places (id int PRIMARY KEY, tenant_id text, lat float8, lon float8,"
            + " spot earth GENERATED ALWAYS AS (ll_to_earth(lat, lon)) STORED)",
        "CREATE INDEX ON places USING gist (spot)",
        "INSERT INTO places SELECT i, 'acme', i, -i FROM generate_series(1, 20) i");

    assertThat(plan().refusals()).isEmpty();
  }

  @Test
  void anExtensionThatCannotLeaveIsRefusedByThePlan() throws SQLException {
    inShared(
        "CREATE EXTENSION xml2 SCHEMA public",
        "CREATE TABLE forms (id int PRIMARY KEY, tenant_id text, doc text)",
        "CREATE VIEW titles AS SELECT id, xpath_string(doc, '/form/title') AS title FROM forms");

    assertThat(refusal(plan(), "extension xml2").remedy()).contains("targetSchema");
  }

  @Test
  void aFunctionThatNamesWhatIsNotThereAfterTheRenameIsNamed() throws SQLException {
    inShared(
        "CREATE TABLE queries (id int PRIMARY KEY, tenant_id text)",
        "CREATE FUNCTION counted() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM shared.queries'",
        "CREATE FUNCTION fine() RETURNS bigint LANGUAGE sql SET search_path = shared AS"
            + " 'SELECT count(*) FROM queries'",
        "CREATE FUNCTION broken() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'");
    // broken here as there, which is nobody's concern
    source.execute(
        "UPDATE pg_proc SET prosrc = 'SELECT count(*) FROM nowhere' WHERE proname = 'broken'");

    PlanFindings plan = plan();

    assertThat(plan.warnings())
        .filteredOn(warning -> warning.message().contains("server's check"))
        .singleElement()
        .matches(warning -> warning.object().equals("shared.counted()"))
        .matches(warning -> warning.message().contains("\"shared.queries\" does not exist"));
  }

  @Test
  void anExtensionThatTheTargetHasElsewhereIsRefused() throws SQLException {
    inShared(
        "CREATE EXTENSION citext SCHEMA shared",
        "CREATE TABLE queries (id int PRIMARY KEY, tenant_id text, name citext)");
    target.inMaintenance("CREATE DATABASE " + target.name());
    target.execute("CREATE EXTENSION citext SCHEMA public");

    assertThat(refusal(plan(), "extension citext").reason())
        .contains("is in the schema public", "shared", "ALTER EXTENSION");
  }

  static Refusal refusal(PlanFindings plan, String object) {
    return plan.refusals().stream()
        .filter(refusal -> refusal.object().equals(object))
        .findFirst()
        .orElseThrow(() -> new AssertionError(object + " is not refused: " + plan));
  }
}
