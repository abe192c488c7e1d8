package com.matih.tenantmigration.activities.postgres.ownership;

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
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.StorageReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A shared schema, and what is judged of its tables. */
abstract class TableJudgeLab {

  TestDatabase database;

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

  Judged read(
      String tenantKey,
      List<String> references,
      List<String> excluded,
      List<StorageReference> storageReferences)
      throws SQLException {
    return read("shared", tenantKey, references, excluded, storageReferences);
  }

  Judged read(
      String schema,
      String tenantKey,
      List<String> references,
      List<String> excluded,
      List<StorageReference> storageReferences)
      throws SQLException {
    return read(
        PostgresSpecBuilder.rows(database.spec(), database.spec())
            .sourceSchema(schema)
            .referenceTables(references)
            .excludeTables(excluded)
            .storageReferences(storageReferences)
            .build(),
        tenantKey);
  }

  Judged read(PostgresSpec spec, String tenantKey) throws SQLException {
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

  String count(TenantTable table) throws SQLException {
    return database
        .query(
            "SELECT count(*) FROM %s AS t WHERE %s"
                .formatted(table.rows().sql(), table.predicate()))
        .get(0);
  }

  static TenantTable table(Judged found, String name) {
    return found.tables().stream()
        .filter(table -> table.name().table().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static List<String> objects(Judged found) {
    return found.refusals().stream().map(Refusal::object).toList();
  }

  /** The tables whose rows can be read, and what was found. */
  record Judged(TenantTables all, List<TenantTable> tables, PlanNotes findings) {

    List<Refusal> refusals() {
      return findings.refusals();
    }

    List<LeftBehind> leftBehind() {
      return findings
          .findings(StoresSummary.of(new StoresSummary.Postgres(List.of())))
          .leftBehind();
    }

    List<Warning> warnings() {
      return findings.warnings();
    }
  }
}
