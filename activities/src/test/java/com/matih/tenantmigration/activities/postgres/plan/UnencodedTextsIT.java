package com.matih.tenantmigration.activities.postgres.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.rehearsal.RehearsalLab;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plans for a database of encoding SQL_ASCII. */
class UnencodedTextsIT extends RehearsalLab {

  @BeforeEach
  void createUnencodedSource() throws SQLException {
    source.close();
    source = TestDatabase.named(TestServers.postgres());
    source.inMaintenance(
        "CREATE DATABASE %s TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'"
            .formatted(source.name()));
    source.execute("CREATE SCHEMA shared");
    inShared(
        "CREATE TABLE people (name text PRIMARY KEY, tenant_id text NOT NULL, t text[])",
        "INSERT INTO people VALUES (E'M\\xc3\\xa4l', 'acme', '{x}'), (E'M\\xfcl', 'globex', '{x}')");
  }

  @Test
  void textsThatAreUtf8AreNoObstacleWhateverNeighboursWrite() throws SQLException {
    PlanFindings plan = plan();

    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.warnings())
        .anyMatch(
            warning ->
                warning.object().equals("postgres.source")
                    && warning.message().contains("encoding SQL_ASCII"));
  }

  @Test
  void textsThatAreNotUtf8AreRefusedByTheirTable() throws SQLException {
    inShared(
        "CREATE TABLE other (id int PRIMARY KEY, tenant_id text NOT NULL)",
        "INSERT INTO people VALUES ('y', 'acme', ARRAY[E'M\\x81l'])");

    PlanFindings plan = plan();

    assertThat(plan.refusals()).extracting(Refusal::object).containsExactly("shared.people");
    assertThat(plan.refusals().get(0).reason()).contains("not UTF-8", "SQL_ASCII");
  }
}
