package com.matih.tenantmigration.activities.postgres.ownership;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.CopyLab;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.PostgresSpec.ForeignReferences;
import com.matih.tenantmigration.workflow.request.PostgresSpec.NobodysRows;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that came after the plan end a migration at once, by name, and not at the copy's end. */
class RowsUnderFenceIT {

  @TempDir Path folder;
  private CopyLab lab;

  @BeforeEach
  void createTables() throws SQLException {
    lab = CopyLab.ruled(folder, "shared", Map.of(), NobodysRows.REFUSE, ForeignReferences.REFUSE);
    lab.source.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.boards (id int PRIMARY KEY, tenant_id text)",
        "CREATE TABLE shared.cards (id int PRIMARY KEY, tenant_id text NOT NULL, board int"
            + " REFERENCES shared.boards)",
        "CREATE TABLE shared.links (id int PRIMARY KEY, a int NOT NULL REFERENCES shared.cards, b"
            + " int NOT NULL REFERENCES shared.cards)",
        "INSERT INTO shared.boards VALUES (1, 'acme'), (2, 'globex')",
        "INSERT INTO shared.cards VALUES (1, 'acme', 1), (2, 'globex', 2)",
        "INSERT INTO shared.links VALUES (1, 1, 1)");
  }

  @AfterEach
  void closeLab() throws SQLException {
    lab.close();
  }

  private void look(Duration limit) throws SQLException {
    new RowsUnderFence(
            TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres()),
            limit)
        .requireMovable(lab.context(), lab.catalog(), ProgressMonitor.unmonitored());
  }

  private void assertEnds(String... words) {
    assertThatThrownBy(() -> look(RowsUnderFence.LIMIT))
        .isInstanceOfSatisfying(
            MigrationException.class,
            e ->
                org.assertj.core.api.Assertions.assertThat(e.type())
                    .isEqualTo(FailureType.NOT_MOVABLE))
        .hasMessageContainingAll(words);
  }

  @Test
  void rowsAsThePlanSawThemPass() {
    assertThatCode(() -> look(RowsUnderFence.LIMIT)).doesNotThrowAnyException();
  }

  @Test
  void aRowThatReferencesAnotherTenantsIsNamed() throws SQLException {
    lab.source.execute("INSERT INTO shared.cards VALUES (3, 'acme', 2)");

    assertEnds(
        "Rows that cannot be moved have been added since the plan: shared.cards has 1 row"
            + " referencing another tenant's row");
  }

  @Test
  void aRowOfNobodyIsNamed() throws SQLException {
    lab.source.execute("INSERT INTO shared.boards VALUES (3, NULL)");

    assertEnds("shared.boards has 1 row without a tenant: the tenant column tenant_id is NULL");
  }

  @Test
  void aRowOfTwoTenantsIsNamed() throws SQLException {
    lab.source.execute("INSERT INTO shared.links VALUES (2, 1, 2)");

    assertEnds("shared.links is ambiguous", "Run the plan again");
  }

  @Test
  void whatCannotBeLookedAtInTimeIsLeftToTheCopy() throws SQLException {
    lab.source.execute("INSERT INTO shared.cards VALUES (3, 'acme', 2)");

    assertThatCode(() -> look(Duration.ofNanos(1))).doesNotThrowAnyException();
  }
}
