package com.matih.tenantmigration.activities.postgres.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.FenceLab;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Warning;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who would be in the fence's way is told before there is one. */
class LongTransactionsIT {

  private FenceLab lab;

  @BeforeEach
  void createTables() throws SQLException {
    lab =
        new FenceLab(
            "CREATE TABLE shared.queries (id int PRIMARY KEY, tenant_id text NOT NULL, body text)",
            "CREATE TABLE shared.events (id int, tenant_id text) PARTITION BY RANGE (id)",
            "CREATE TABLE shared.events_1 PARTITION OF shared.events FOR VALUES FROM (0) TO (9)",
            "INSERT INTO shared.queries VALUES (1, 'acme'), (2, 'globex')");
  }

  @AfterEach
  void dropTables() throws SQLException {
    lab.close();
  }

  @Test
  void aTransactionThatHasWrittenLongAgoIsNamedWithoutWhatItWrote() throws SQLException {
    try (Connection job = lab.transaction("nightly job");
        Connection reader = lab.transaction("report")) {
      TestDatabase.execute(job, "INSERT INTO shared.events_1 VALUES (1, 'a value')");
      TestDatabase.query(reader, "SELECT count(*) FROM shared.queries");
      assertThat(warnings()).as("of a moment").isEmpty();

      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(warnings()).hasSize(1));

      assertThat(warnings().get(0).object()).isEqualTo("shared.events");
      assertThat(warnings().get(0).message())
          .contains("application 'nightly job'", "idle in transaction (INSERT)", "waits 60 s")
          .doesNotContain("a value");
      job.rollback();
      assertThat(warnings()).isEmpty();
    }
  }

  @Test
  void aPreparedTransactionIsNamedByItsIdentifier() throws SQLException {
    String gid = "transfer " + lab.migrationId;
    lab.database.execute(
        "BEGIN",
        "UPDATE shared.queries SET body = 'x' WHERE id = 2",
        "PREPARE TRANSACTION '%s'".formatted(gid));
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(warnings()).hasSize(1));

      assertThat(warnings().get(0).message())
          .contains("the prepared transaction '%s'".formatted(gid), "ROLLBACK PREPARED");
    } finally {
      lab.database.execute("ROLLBACK PREPARED '%s'".formatted(gid));
    }
  }

  @Test
  void whatAUserMayNotSeeIsToldWithTheRightThatItTakes() throws SQLException {
    String role = "planner_" + lab.migrationId;
    lab.database.execute(
        "CREATE ROLE %s LOGIN PASSWORD 'secret'".formatted(role),
        "GRANT USAGE ON SCHEMA shared TO " + role,
        "GRANT SELECT ON ALL TABLES IN SCHEMA shared TO " + role);
    try (Connection job = lab.transaction("nightly job")) {
      TestDatabase.execute(job, "UPDATE shared.queries SET body = 'x' WHERE id = 2");

      List<Warning> warnings;
      try (Connection limited =
          DriverManager.getConnection(lab.database.spec().url(), role, "secret")) {
        warnings = warnings(limited);
      }

      assertThat(warnings).hasSize(1);
      assertThat(warnings.get(0).message())
          .contains("application 'nightly job'", role, "pg_read_all_stats");
    } finally {
      lab.database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }

  private List<Warning> warnings() throws SQLException {
    try (Connection connection = lab.database.connect()) {
      return warnings(connection);
    }
  }

  private List<Warning> warnings(Connection connection) throws SQLException {
    PlanNotes findings = new PlanNotes(StoreName.POSTGRES);
    LongTransactions.examine(
        connection, TenantCatalog.read(connection, lab.context().request()).tables(), findings);
    return findings.warnings();
  }
}
