package com.matih.tenantmigration.activities.postgres.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.matih.tenantmigration.activities.postgres.catalog.TenantTable.Scope;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.StorageReference;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which tables move, and what is said of those that cannot. */
class MovableTablesIT extends TableJudgeLab {

  @Test
  void namesAndKeysMayHoldQuotesSpacesAndUpperCase() throws SQLException {
    database.execute(
        "CREATE SCHEMA \"Odd \"\"schema\"",
        "CREATE TABLE \"Odd \"\"schema\".\"The 'table\" (\"Id\" int PRIMARY KEY, \"tenant_id\""
            + " text, \"a\"\"b\" text, total int GENERATED ALWAYS AS (\"Id\" * 2) STORED)",
        "CREATE TABLE \"Odd \"\"schema\".\"Child\" (\"Id\" int, \"Parent Id\" int NOT NULL"
            + " REFERENCES \"Odd \"\"schema\".\"The 'table\")",
        "INSERT INTO \"Odd \"\"schema\".\"The 'table\" VALUES (1, 'o''neil\\')",
        "INSERT INTO \"Odd \"\"schema\".\"Child\" VALUES (1, 1)");

    Judged found = read("Odd \"schema", "o'neil\\", List.of(), List.of(), List.of());

    assertThat(found.refusals()).isEmpty();
    assertThat(table(found, "The 'table").columns()).containsExactly("Id", "tenant_id", "a\"b");
    assertThat(count(table(found, "The 'table"))).isEqualTo("1");
    assertThat(count(table(found, "Child"))).isEqualTo("1");
  }

  @Test
  void namedReferenceTablesMoveWholeAndExcludedOnesStay() throws SQLException {
    database.execute(
        "CREATE TABLE shared.plans (id int PRIMARY KEY)",
        "CREATE TABLE shared.jobs (id int PRIMARY KEY)",
        "INSERT INTO shared.plans VALUES (1), (2)");

    Judged found = read("acme", List.of("plans"), List.of("jobs"), List.of());

    assertThat(found.refusals()).isEmpty();
    assertThat(table(found, "plans").scope()).isEqualTo(Scope.REFERENCE);
    assertThat(count(table(found, "plans"))).isEqualTo("2");
    assertThat(found.tables()).noneMatch(table -> table.name().table().equals("jobs"));
  }

  @Test
  void everythingThatCannotBeMovedIsNamedAtOnce() throws SQLException {
    database.execute(
        "CREATE SCHEMA other",
        "CREATE TYPE other.mood AS ENUM ('good')",
        "CREATE TABLE other.things (id int PRIMARY KEY)",
        "CREATE TABLE shared.big (tenant_id text, blob oid)",
        "INSERT INTO shared.big VALUES ('acme', 'pg_class'::regclass)",
        "CREATE TABLE shared.parent (tenant_id text)",
        "CREATE TABLE other.child () INHERITS (shared.parent)",
        "CREATE TABLE shared.heir (tenant_id text) INHERITS (other.things)",
        "CREATE TABLE shared.moods (tenant_id text, mood other.mood)",
        "CREATE TABLE shared.linked (tenant_id text, thing int REFERENCES other.things)",
        "CREATE VIEW shared.peek AS SELECT * FROM other.things",
        "CREATE TABLE shared.jobs (id int PRIMARY KEY)",
        "CREATE TABLE shared.job_users (tenant_id text, job int REFERENCES shared.jobs)");

    Judged found =
        read(
            "acme",
            List.of("nothing", "queries"),
            List.of("jobs", "nowhere"),
            List.of(
                new StorageReference("queries", "uri"),
                new StorageReference("queries", "id"),
                new StorageReference("gone", "uri")));

    assertThat(objects(found))
        .contains(
            "shared.nothing",
            "shared.nowhere",
            "shared.queries",
            "shared.big.blob",
            "shared.parent",
            "shared.heir",
            "shared.peek",
            "shared.moods",
            "job_users_job_fkey on shared.job_users",
            "linked_thing_fkey on shared.linked",
            "shared.queries.uri",
            "shared.queries.id",
            "shared.gone.uri");
  }

  /** As the language of each text that is searched. */
  @Test
  void columnsThatReferToPostgresqlsOwnObjectsMove() throws SQLException {
    database.execute(
        "CREATE TEXT SEARCH CONFIGURATION shared.ours (COPY = simple)",
        "CREATE TABLE shared.texts (tenant_id text, language regconfig, type regtype,"
            + " search tsvector GENERATED ALWAYS AS (to_tsvector(language, 'x')) STORED)",
        "INSERT INTO shared.texts VALUES ('acme', 'german', 'text'), ('acme', NULL, 'int[]'),"
            + " ('globex', 'shared.ours', 'shared.texts')");

    assertThat(read("acme", List.of(), List.of(), List.of()).refusals()).isEmpty();

    database.execute(
        "UPDATE shared.texts SET language = 'shared.ours' WHERE type = 'text'::regtype");

    assertThat(read("acme", List.of(), List.of(), List.of()).refusals())
        .singleElement()
        .asString()
        .contains("shared.texts", "the column language", "1 row of the tenant refers");
  }

  @Test
  void aPartitionedTableIsOneTableAndItsPartitionsAreNoneOfTheirOwn() throws SQLException {
    database.execute(
        "CREATE TABLE shared.events (tenant_id text, at date, PRIMARY KEY (tenant_id, at))"
            + " PARTITION BY RANGE (at)",
        "CREATE TABLE shared.events_2025 PARTITION OF shared.events"
            + " FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
        "INSERT INTO shared.events VALUES ('acme', '2025-03-01'), ('globex', '2025-03-01')",
        "ANALYZE shared.events");

    Judged found = read("acme", List.of(), List.of(), List.of());

    assertThat(found.refusals()).isEmpty();
    assertThat(found.tables())
        .extracting(table -> table.name().table())
        .containsExactly("events", "queries", "users");
    assertThat(count(table(found, "events"))).isEqualTo("1");
    assertThat(table(found, "events").estimatedRows()).isEqualTo(2);
  }

  @Test
  void partitionsThatCannotTravelAreRefusedByName() throws SQLException {
    database.execute(
        "CREATE SCHEMA other",
        "CREATE EXTENSION file_fdw",
        "CREATE SERVER files FOREIGN DATA WRAPPER file_fdw",
        "CREATE TYPE shared.mood AS ENUM ('sad', 'ok')",
        "CREATE TABLE shared.events (tenant_id text, at date) PARTITION BY RANGE (at)",
        "CREATE TABLE other.events_2024 PARTITION OF shared.events"
            + " FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
        "CREATE FOREIGN TABLE shared.events_2023 PARTITION OF shared.events"
            + " FOR VALUES FROM ('2023-01-01') TO ('2024-01-01') SERVER files"
            + " OPTIONS (filename '/nowhere')",
        "CREATE TABLE shared.events_2025 PARTITION OF shared.events"
            + " FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
        "CREATE TABLE shared.moods (tenant_id text, mood shared.mood) PARTITION BY LIST"
            + " (tenant_id)",
        "CREATE TABLE shared.moods_all PARTITION OF shared.moods DEFAULT PARTITION BY HASH (mood)",
        "CREATE TABLE shared.moods_all_1 PARTITION OF shared.moods_all"
            + " FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
        "CREATE TABLE shared.hashed (tenant_id text) PARTITION BY HASH (tenant_id)",
        "CREATE TABLE shared.left_out (id int, mood shared.mood) PARTITION BY HASH (mood)",
        "CREATE TABLE shared.old PARTITION OF shared.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "CREATE TABLE shared.new PARTITION OF shared.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        // as DETACH CONCURRENTLY leaves it that waited for a reader and was cancelled
        "SET allow_system_table_mods = on",
        "UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'shared.old'::regclass");

    Judged found = read("acme", List.of(), List.of("left_out"), List.of());

    assertThat(objects(found))
        .contains("other.events_2024", "shared.events_2023", "shared.moods_all", "shared.old")
        .doesNotContain(
            "shared.events",
            "shared.events_2025",
            "shared.moods",
            "shared.hashed",
            "shared.new",
            "shared.left_out");
  }

  @Test
  void columnsThatHoldNumbersOfRolesOrObjectsAreRefusedHoweverDeep() throws SQLException {
    database.execute(
        "CREATE TYPE shared.ref AS (relation regclass, n int)",
        "CREATE DOMAIN shared.refs AS shared.ref[]",
        "CREATE TYPE shared.deep AS (n int, refs shared.refs)",
        "CREATE TYPE shared.fine AS (n int, kind name)",
        "CREATE TABLE shared.rights (tenant_id text, acl aclitem[])",
        "CREATE TABLE shared.changes (tenant_id text, deep shared.deep[], fine shared.fine)");

    Judged found = read("acme", List.of(), List.of(), List.of());

    assertThat(found.refusals())
        .extracting(refusal -> refusal.object() + " " + refusal.reason())
        .anyMatch(text -> text.startsWith("shared.rights has the column acl of type aclitem[]"))
        .anyMatch(
            text -> text.startsWith("shared.changes has the column deep of type shared.deep[]"))
        .hasSize(2);
  }

  /** A request moves one schema, and a tenant has rows in several more often than not. */
  @Test
  void rowsOfTheTenantInOtherSchemasAreListedAsLeftBehind() throws SQLException {
    database.execute(
        "CREATE SCHEMA billing",
        "CREATE TABLE billing.seats (tenant_id text)",
        "INSERT INTO billing.seats VALUES ('acme'), ('acme'), ('globex')",
        "CREATE TABLE billing.numbered (tenant_id int)",
        "CREATE TABLE billing.others (tenant_id text)",
        "INSERT INTO billing.others VALUES ('globex')",
        "CREATE TABLE billing.invoices (id int, \"user\" int REFERENCES shared.users)"
            + " PARTITION BY RANGE (id)",
        "CREATE TABLE billing.first PARTITION OF billing.invoices DEFAULT",
        "INSERT INTO billing.invoices VALUES (1, 1), (2, 2), (3, 2), (4, NULL)",
        "CREATE TABLE billing.unused (\"user\" int REFERENCES shared.users)");

    Judged found = read("acme", List.of(), List.of(), List.of());

    assertThat(found.refusals()).isEmpty();
    assertThat(found.leftBehind())
        .extracting(LeftBehind::object, LeftBehind::count)
        .containsExactly(tuple("billing.seats", 2L), tuple("billing.invoices", 1L));
  }

  @Test
  void aSchemaOfTheTenantsOwnMovesWhole() throws SQLException {
    database.execute("CREATE TABLE shared.settings (id int PRIMARY KEY)");
    PostgresSpec spec =
        PostgresSpecBuilder.schema(database.spec(), database.spec())
            .excludeTables(List.of("users"))
            .build();

    Judged found = read(spec, "acme");

    assertThat(found.refusals()).isEmpty();
    assertThat(found.tables())
        .extracting(table -> table.name().table())
        .containsExactly("queries", "settings");
    assertThat(found.tables()).allMatch(table -> table.predicate().equals("true"));
  }

  @Test
  void functionsThatNameTheOldSchemaAndUnloggedTablesAreWarnedOf() throws SQLException {
    database.execute(
        "CREATE FUNCTION shared.f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM"
            + " shared.queries'",
        "CREATE UNLOGGED TABLE shared.scratch (tenant_id text)");

    Judged found = read("acme", List.of(), List.of(), List.of());

    assertThat(found.refusals()).isEmpty();
    assertThat(found.warnings()).extracting("object").contains("shared.f()", "shared.scratch");
  }
}
