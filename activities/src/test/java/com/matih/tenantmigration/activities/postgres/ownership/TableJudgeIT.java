package com.matih.tenantmigration.activities.postgres.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable.Scope;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose the rows of a table are. */
class TableJudgeIT extends TableJudgeLab {

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
}
