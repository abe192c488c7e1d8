package com.matih.tenantmigration.activities.postgres.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.TestRequests;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables that inherit from others, and foreign tables, as the plan judges them. */
class InheritedAndForeignTablesIT {

  private TestDatabase database;

  @BeforeEach
  void createDatabase() throws SQLException {
    database = TestDatabase.create(TestServers.postgres());
    database.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.queries (id bigint PRIMARY KEY, tenant_id text NOT NULL)",
        "INSERT INTO shared.queries VALUES (1, 'acme'), (2, 'globex')");
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    database.close();
  }

  @Test
  void aForeignKeyToATableThatOthersInheritFromLeadsToItsOwnRowsAlone() throws SQLException {
    database.execute(
        "CREATE TABLE shared.old_queries (PRIMARY KEY (id)) INHERITS (shared.queries)",
        "INSERT INTO shared.old_queries VALUES (2, 'acme'), (3, 'acme')",
        "CREATE TABLE shared.runs (id int PRIMARY KEY, query_id bigint NOT NULL REFERENCES"
            + " shared.queries)",
        "CREATE TABLE shared.kept_runs (note text) INHERITS (shared.runs)",
        "INSERT INTO shared.runs VALUES (10, 1), (20, 2)",
        "INSERT INTO shared.kept_runs VALUES (30, 1, 'x')");

    Judged found = read(List.of("kept_runs"));

    // the foreign key is not inherited, so what led nowhere would be undecided
    assertThat(found.plan().refusals()).isEmpty();
    assertThat(count(found, "runs")).isEqualTo("1");
    assertThat(count(found, "queries")).isEqualTo("1");
    assertThat(count(found, "old_queries")).isEqualTo("2");
    assertThat(found.plan().warnings())
        .filteredOn(warning -> warning.object().equals("shared.runs"))
        .singleElement()
        .satisfies(warning -> assertThat(warning.message()).contains("shared.kept_runs"));
  }

  @Test
  void aChildThatStaysIsCountedByItselfAndNotThroughItsParent() throws SQLException {
    database.execute(
        "CREATE TABLE shared.old_queries (PRIMARY KEY (id)) INHERITS (shared.queries)",
        "INSERT INTO shared.old_queries VALUES (2, 'acme'), (3, 'acme'), (4, 'globex')");

    Judged found = read(List.of("old_queries"));

    assertThat(found.plan().refusals()).isEmpty();
    assertThat(count(found, "queries")).isEqualTo("1");
    assertThat(found.plan().leftBehind())
        .filteredOn(left -> left.object().equals("shared.old_queries"))
        .singleElement()
        .satisfies(left -> assertThat(left.count()).isEqualTo(2));

    Judged without = read(List.of("queries"));

    // its definition needs the table that it inherits from
    assertThat(refused(without)).containsExactly("shared.old_queries");
    assertThat(without.plan().leftBehind())
        .filteredOn(left -> left.object().equals("shared.queries"))
        .singleElement()
        .satisfies(left -> assertThat(left.count()).isEqualTo(1));
  }

  @Test
  void aForeignTableStaysWhereTheRequestSaysSoAndIsNotRead() throws SQLException {
    database.execute(
        "CREATE EXTENSION file_fdw",
        "CREATE SERVER files FOREIGN DATA WRAPPER file_fdw",
        "CREATE FOREIGN TABLE shared.imports (id bigint, tenant_id text) SERVER files"
            + " OPTIONS (filename '/nowhere')",
        "CREATE FOREIGN TABLE shared.far_queries () INHERITS (shared.queries) SERVER files"
            + " OPTIONS (filename '/nowhere')",
        "CREATE VIEW shared.seen AS SELECT id FROM shared.imports");

    Judged refused = read(List.of());

    assertThat(refused.plan().refusals())
        .filteredOn(refusal -> refusal.reason().contains("is a foreign table"))
        .extracting(Refusal::object)
        .containsExactly("shared.far_queries", "shared.imports");

    Judged left = read(List.of("imports", "far_queries"));

    assertThat(refused(left)).containsExactly("shared.seen");
    assertThat(count(left, "queries")).isEqualTo("1");
    assertThat(left.plan().leftBehind())
        .filteredOn(entry -> entry.reason().contains("on another server"))
        .allMatch(entry -> entry.count() == LeftBehind.UNKNOWN)
        .extracting(LeftBehind::object)
        .containsExactly("shared.far_queries", "shared.imports");
  }

  @Test
  void anExcludedTableWithAForeignPartitionIsNotCounted() throws SQLException {
    database.execute(
        "CREATE EXTENSION file_fdw",
        "CREATE SERVER files FOREIGN DATA WRAPPER file_fdw",
        "CREATE TABLE shared.events (tenant_id text, at date) PARTITION BY RANGE (at)",
        "CREATE FOREIGN TABLE shared.events_2023 PARTITION OF shared.events"
            + " FOR VALUES FROM ('2023-01-01') TO ('2024-01-01') SERVER files"
            + " OPTIONS (filename '/nowhere')");

    Judged found = read(List.of("events"));

    assertThat(found.plan().refusals()).isEmpty();
    assertThat(found.plan().leftBehind())
        .filteredOn(left -> left.object().equals("shared.events"))
        .singleElement()
        .satisfies(left -> assertThat(left.count()).isEqualTo(LeftBehind.UNKNOWN));
  }

  private Judged read(List<String> excluded) throws SQLException {
    PostgresSpec spec =
        PostgresSpecBuilder.rows(database.spec(), database.spec()).excludeTables(excluded).build();
    try (Connection connection =
        TestDatabase.connections(TestServers.postgres())
            .open(database.spec(), "0123456789ab", "test")) {
      connection.setAutoCommit(false);
      TenantTables all =
          TenantCatalog.read(connection, TestRequests.request("acme", spec, null, List.of()));
      PlanNotes notes = new PlanNotes(StoreName.POSTGRES);
      List<TenantTable> tables = TableJudge.judge(connection, spec, "acme", all, true, notes);
      return new Judged(tables, notes.findings(StoresSummary.NONE));
    }
  }

  private String count(Judged found, String name) throws SQLException {
    TenantTable table =
        found.tables().stream()
            .filter(candidate -> candidate.name().table().equals(name))
            .findFirst()
            .orElseThrow();
    return database
        .query(
            "SELECT count(*) FROM %s AS t WHERE %s"
                .formatted(table.rows().sql(), table.predicate()))
        .get(0);
  }

  private static List<String> refused(Judged found) {
    return found.plan().refusals().stream().map(Refusal::object).toList();
  }

  private record Judged(List<TenantTable> tables, PlanFindings plan) {}
}
