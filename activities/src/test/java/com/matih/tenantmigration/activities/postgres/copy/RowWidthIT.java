package com.matih.tenantmigration.activities.postgres.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.CopyLab;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.plan.TenantVolume;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Refusal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowWidthIT {

  private static final TableName TABLE = new TableName("public", "odd \"; name.x");

  @Test
  void theLargestRowIsMeasuredWhateverItsValuesAreCompressedTo() throws SQLException {
    try (TestDatabase database = TestDatabase.create(TestServers.postgres())) {
      String table = Identifiers.quote(TABLE);
      database.execute(
          "CREATE TABLE %s (id int, \"Te\"\"xt;\" text, bytes bytea, json jsonb, n numeric)"
              .formatted(table),
          "INSERT INTO %s VALUES (1, repeat('x', 5000000), NULL, NULL, 1)".formatted(table),
          "INSERT INTO %s VALUES (2, NULL, decode(repeat('ab', 7000000), 'hex'), NULL, 1)"
              .formatted(table),
          "INSERT INTO %s SELECT 3, 'x', NULL, jsonb_build_object('a', repeat('j', 20000000)), 1"
              .formatted(table));
      try (Connection connection = database.connect()) {
        assertThat(widest(connection, "id = 1")).isBetween(5_000_000L, 5_001_000L);
        assertThat(widest(connection, "id = 2")).isBetween(7_000_000L, 7_001_000L);
        assertThat(widest(connection, "id = 3")).isBetween(20_000_000L, 20_001_000L);
        assertThat(widest(connection, "true")).isBetween(20_000_000L, 20_001_000L);
        assertThat(widest(connection, "id = 4")).isZero();
      }
    }
  }

  private static long widest(Connection connection, String condition) throws SQLException {
    return RowWidth.widest(connection, TABLE, Identifiers.quote(TABLE) + " AS t", condition);
  }

  @Test
  void aRowThatNoWorkerCanHoldIsRefusedByItsTable(@TempDir Path folder) throws SQLException {
    try (CopyLab lab = CopyLab.rows(folder, "shared", List.of(), List.of(), List.of())) {
      lab.source.execute(
          "CREATE SCHEMA shared",
          "CREATE TABLE shared.small (id int PRIMARY KEY, tenant_id text, body text)",
          "INSERT INTO shared.small VALUES (1, 'acme', repeat('x', 1000000))",
          "CREATE TABLE shared.large (id int PRIMARY KEY, tenant_id text, body text)",
          "INSERT INTO shared.large VALUES (1, 'acme', 'x'), (2, 'acme', repeat('x', 14000000)),"
              + " (3, 'globex', repeat('x', 15000000))");
      PlanNotes findings = new PlanNotes(StoreName.POSTGRES);
      try (Connection connection = lab.source.connect()) {
        assertThat(
                TenantVolume.measure(
                        connection,
                        lab.tables(),
                        "public",
                        10L << 20,
                        findings,
                        ProgressMonitor.unmonitored())
                    .tables())
            .hasSize(2);
      }

      assertThat(findings.refusals()).extracting(Refusal::object).containsExactly("shared.large");
      assertThat(findings.refusals().get(0).reason())
          .contains("has a row of 13 MB, but this worker can move rows of at most 10 MB");
      assertThat(findings.refusals().get(0).remedy()).contains("larger heap");
    }
  }

  @Test
  void rowsThatAreLargeButFitAreCopied(@TempDir Path folder) throws SQLException {
    try (CopyLab lab = CopyLab.rows(folder, "shared", List.of(), List.of(), List.of())) {
      lab.source.execute(
          "CREATE SCHEMA shared",
          "CREATE TABLE shared.large (id int PRIMARY KEY, tenant_id text, body text)",
          "ALTER TABLE shared.large ALTER COLUMN body SET STORAGE EXTERNAL",
          "INSERT INTO shared.large SELECT i, 'acme', repeat(md5(i::text), 200000)"
              + " FROM generate_series(1, 5) i");
      long free = RowMemory.ofThisProcess().freeBytes();

      lab.takeSnapshot();
      lab.createSchema();
      lab.copyRows();

      assertThat(CopyLab.rows(lab.target, new TableName("shared", "large"), "true"))
          .isEqualTo(lab.sourceRows("large"));
      // copies of other tests hold a part of it for moments
      await().until(() -> RowMemory.ofThisProcess().freeBytes() >= free);
    }
  }
}
