package com.matih.tenantmigration.activities.postgres.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.TestRequests;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable.Scope;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.PostgresSpec.StorageReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TableJudgeIT {

  private TestDatabase database;

  @BeforeEach
  void createDatabase() throws SQLException {
    database = TestDatabase.create(TestServers.postgres());
    database.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.queries (id bigint PRIMARY KEY, tenant_id text NOT NULL, body text)",
        "CREATE TABLE shared.users (id bigint PRIMARY KEY, tenant_id text NOT NULL)",
        "INSERT INTO shared.queries VALUES (1, 'acme'), (2, 'globex')",
        "INSERT INTO shared.users VALUES (1, 'acme'), (2, 'globex')");
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    database.close();
  }

  @Test
  void aTableWithoutTheTenantColumnFollowsItsForeignKeysToTheTenant() throws SQLException {
    database.execute(
        "CREATE TABLE shared.runs (id int PRIMARY KEY, query_id bigint NOT NULL REFERENCES"
            + " shared.queries, again int REFERENCES shared.runs)",
        "CREATE TABLE shared.run_steps (run_id int NOT NULL REFERENCES shared.runs, step int,"
            + " PRIMARY KEY (step, run_id))",
        "INSERT INTO shared.runs VALUES (10, 1), (20, 2)",
        "INSERT INTO shared.run_steps VALUES (10, 1), (10, 2), (20, 1)");

    Judged found = read("acme", List.of(), List.of(), List.of());

    assertThat(found.refusals()).isEmpty();
    TenantTable steps = table(found, "run_steps");
    assertThat(steps.scope()).isEqualTo(Scope.FOREIGN_KEY);
    assertThat(steps.primaryKey()).containsExactly("step", "run_id");
    assertThat(count(steps)).isEqualTo("2");
    assertThat(count(table(found, "runs"))).isEqualTo("1");
    assertThat(table(found, "queries").scope()).isEqualTo(Scope.TENANT_COLUMN);
  }

  @Test
  void whatNoTenantRowCanReachIsRefusedByName() throws SQLException {
    database.execute("CREATE TABLE shared.settings (id int PRIMARY KEY)");

    Judged found = read("acme", List.of(), List.of(), List.of());

    assertThat(objects(found)).containsExactly("shared.settings");
    assertThatThrownBy(found.all()::requireMovable)
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.type()).isEqualTo(FailureType.NOT_MOVABLE))
        .hasMessageContaining("shared.settings");
  }

  @Test
  void aTableWhoseForeignKeysLeadToDifferentTenantsIsAmbiguous() throws SQLException {
    database.execute(
        "CREATE TABLE shared.shares (query_id bigint NOT NULL REFERENCES shared.queries,"
            + " user_id bigint NOT NULL REFERENCES shared.users)",
        "INSERT INTO shared.shares VALUES (1, 1), (2, 2)");
    assertThat(read("acme", List.of(), List.of(), List.of()).refusals()).isEmpty();

    database.execute("INSERT INTO shared.shares VALUES (2, 1)");
    Judged torn = read("acme", List.of(), List.of(), List.of());

    assertThat(objects(torn)).containsExactly("shared.shares");
    assertThat(torn.refusals().get(0).reason()).contains("ambiguous", "shares_query_id_fkey");
  }

  @Test
  void rowsWhoseForeignKeysAreAllEmptyBelongToNobodyAndRefuseTheTable() throws SQLException {
    database.execute(
        "CREATE TABLE shared.notes (id int PRIMARY KEY, query_id bigint REFERENCES shared.queries,"
            + " user_id bigint REFERENCES shared.users)",
        "INSERT INTO shared.notes VALUES (1, 1, NULL), (2, NULL, 1), (3, 2, NULL)");
    Judged agreeing = read("acme", List.of(), List.of(), List.of());
    assertThat(agreeing.refusals()).isEmpty();
    assertThat(count(table(agreeing, "notes"))).isEqualTo("2");

    database.execute("INSERT INTO shared.notes VALUES (4, NULL, NULL)");
    Judged orphaned = read("acme", List.of(), List.of(), List.of());

    assertThat(orphaned.refusals().get(0).reason()).contains("1 row without a tenant");
  }

  @Test
  void tenantColumnsMayBeUuidsOrNumbersAndAKeyThatFitsNoneIsRefused() throws SQLException {
    database.execute(
        "CREATE SCHEMA typed",
        "CREATE TABLE typed.numbers (tenant_id int, v text)",
        "CREATE TABLE typed.big (tenant_id numeric(10), v text)",
        "INSERT INTO typed.numbers VALUES (7, 'a'), (8, 'b')",
        "INSERT INTO typed.big VALUES (7, 'a'), (8, 'b')");
    Judged numbers = read("typed", "7", List.of(), List.of(), List.of());
    assertThat(numbers.refusals()).isEmpty();
    assertThat(count(table(numbers, "numbers"))).isEqualTo("1");
    assertThat(count(table(numbers, "big"))).isEqualTo("1");
    assertThat(objects(read("typed", "acme", List.of(), List.of(), List.of())))
        .containsExactly("typed.big", "typed.numbers");

    String uuid = "7b0c3a52-6a4e-4d84-9e0b-0f3f6f3f8f10";
    database.execute(
        "CREATE SCHEMA uuids",
        "CREATE TABLE uuids.rows (tenant_id uuid NOT NULL)",
        "INSERT INTO uuids.rows VALUES ('%s'), (gen_random_uuid())".formatted(uuid));
    Judged uuids = read("uuids", uuid, List.of(), List.of(), List.of());
    assertThat(count(table(uuids, "rows"))).isEqualTo("1");
  }

  @Test
  void aForeignKeyLeadsToTheTenantByItsOwnEquality() throws SQLException {
    database.execute(
        "CREATE SCHEMA extras",
        "CREATE EXTENSION citext SCHEMA extras",
        "CREATE DOMAIN shared.doc_name AS extras.citext",
        "CREATE TABLE shared.docs (name extras.citext PRIMARY KEY, code char(5) UNIQUE,"
            + " tenant_id text NOT NULL)",
        "CREATE TABLE shared.pages (doc extras.citext NOT NULL REFERENCES shared.docs)",
        "CREATE TABLE shared.notes (doc shared.doc_name NOT NULL REFERENCES shared.docs)",
        "CREATE TABLE shared.codes (code varchar(9) NOT NULL REFERENCES shared.docs (code))",
        "INSERT INTO shared.docs VALUES ('abc', 'a', 'acme'), ('xyz', 'x', 'globex')",
        "INSERT INTO shared.pages VALUES ('Abc'), ('abc'), ('XYZ')",
        "INSERT INTO shared.notes VALUES ('ABC'), ('xyz')",
        "INSERT INTO shared.codes VALUES ('a   '), ('x  ')");

    Judged found = read("acme", List.of(), List.of(), List.of());

    assertThat(found.refusals()).isEmpty();
    assertThat(count(table(found, "pages"))).isEqualTo("2");
    assertThat(count(table(found, "notes"))).isEqualTo("1");
    assertThat(count(table(found, "codes"))).isEqualTo("1");
  }

  @Test
  void aTenantColumnWhoseEqualityIsAnExtensionsIsRefusedByName() throws SQLException {
    database.execute(
        "CREATE EXTENSION citext SCHEMA public",
        "CREATE DOMAIN shared.key AS public.citext",
        "CREATE TYPE shared.tenant AS ENUM ('acme', 'globex')",
        "CREATE TABLE shared.folded (tenant_id public.citext)",
        "CREATE TABLE shared.disguised (tenant_id shared.key)",
        "CREATE TABLE shared.listed (tenant_id shared.tenant)",
        "CREATE TABLE shared.charged (tenant_id varchar(20))");

    Judged found = read("acme", List.of(), List.of(), List.of());

    assertThat(objects(found)).containsExactly("shared.disguised", "shared.folded");
    assertThat(found.refusals().get(1).reason()).contains("tenant_id", "citext");
  }

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
        "CREATE TABLE shared.left_out (id int, mood shared.mood) PARTITION BY HASH (mood)");

    Judged found = read("acme", List.of(), List.of("left_out"), List.of());

    assertThat(objects(found))
        .contains("other.events_2024", "shared.events_2023", "shared.moods_all")
        .doesNotContain(
            "shared.events",
            "shared.events_2025",
            "shared.moods",
            "shared.hashed",
            "shared.left_out");
  }

  @Test
  void aSchemaOfTheTenantsOwnMovesWhole() throws SQLException {
    database.execute("CREATE TABLE shared.settings (id int PRIMARY KEY)");
    PostgresSpec spec =
        new PostgresSpec(
            database.spec(),
            database.spec(),
            Isolation.SCHEMA,
            "shared",
            "public",
            null,
            List.of(),
            List.of("users"),
            1,
            List.of(),
            Map.of(),
            PostgresSpec.NobodysRows.REFUSE,
            PostgresSpec.ForeignReferences.REFUSE);

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

  private Judged read(
      String tenantKey,
      List<String> references,
      List<String> excluded,
      List<StorageReference> storageReferences)
      throws SQLException {
    return read("shared", tenantKey, references, excluded, storageReferences);
  }

  private Judged read(
      String schema,
      String tenantKey,
      List<String> references,
      List<String> excluded,
      List<StorageReference> storageReferences)
      throws SQLException {
    return read(
        new PostgresSpec(
            database.spec(),
            database.spec(),
            Isolation.ROWS,
            schema,
            "public",
            "tenant_id",
            references,
            excluded,
            1,
            storageReferences,
            Map.of(),
            PostgresSpec.NobodysRows.REFUSE,
            PostgresSpec.ForeignReferences.REFUSE),
        tenantKey);
  }

  private Judged read(PostgresSpec spec, String tenantKey) throws SQLException {
    try (Connection connection =
        TestDatabase.connections(TestServers.postgres())
            .open(database.spec(), "0123456789ab", "test")) {
      connection.setAutoCommit(false);
      TenantTables all =
          TenantCatalog.read(connection, TestRequests.request(tenantKey, spec, null, List.of()));
      PlanNotes findings = new PlanNotes(StoreName.POSTGRES);
      return new Judged(
          all, TableJudge.judge(connection, spec, tenantKey, all, true, findings), findings);
    }
  }

  private String count(TenantTable table) throws SQLException {
    return database
        .query(
            "SELECT count(*) FROM %s AS t WHERE %s"
                .formatted(table.rows().sql(), table.predicate()))
        .get(0);
  }

  private static TenantTable table(Judged found, String name) {
    return found.tables().stream()
        .filter(table -> table.name().table().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> objects(Judged found) {
    return found.refusals().stream().map(Refusal::object).toList();
  }

  /** The tables whose rows can be read, and what was found. */
  private record Judged(TenantTables all, List<TenantTable> tables, PlanNotes findings) {

    List<Refusal> refusals() {
      return findings.refusals();
    }

    List<Warning> warnings() {
      return findings.warnings();
    }
  }
}
