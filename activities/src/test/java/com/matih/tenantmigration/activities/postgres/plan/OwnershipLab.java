package com.matih.tenantmigration.activities.postgres.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.TestObjects;
import com.matih.tenantmigration.activities.postgres.TestRequests;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.ForeignReferences;
import com.matih.tenantmigration.workflow.request.PostgresSpec.NobodysRows;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A shared schema, and plans by rules that a test sets. */
abstract class OwnershipLab {

  final PostgresConnections connections =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());
  final TestDatabase target = TestDatabase.named(TestServers.dedicatedPostgres());
  final Map<String, TableRule> rules = new LinkedHashMap<>();
  final List<String> references = new ArrayList<>();
  final List<String> underFence = new ArrayList<>();
  Mode mode = Mode.OFFLINE;
  NobodysRows nobodys = NobodysRows.REFUSE;
  ForeignReferences foreign = ForeignReferences.REFUSE;
  TestDatabase source;

  @BeforeEach
  void createSource() throws SQLException {
    source = TestDatabase.create(TestServers.postgres());
    source.execute("CREATE SCHEMA shared");
  }

  @AfterEach
  void dropSource() throws SQLException {
    source.close();
  }

  void createRoles() throws SQLException {
    source.execute(
        "CREATE TABLE shared.roles (id int PRIMARY KEY, tenant_id text, name text)",
        "CREATE TABLE shared.rights (role int NOT NULL REFERENCES shared.roles, name text)",
        "CREATE TABLE shared.accounts (id int PRIMARY KEY, tenant_id text NOT NULL, role int NOT"
            + " NULL REFERENCES shared.roles)",
        "CREATE TABLE shared.shares (id int PRIMARY KEY, tenant_id text NOT NULL, account int NOT"
            + " NULL REFERENCES shared.accounts)",
        "CREATE TABLE shared.shared_notes (id int PRIMARY KEY, tenant_id text NOT NULL, share int"
            + " REFERENCES shared.shares)",
        "INSERT INTO shared.roles VALUES (1, NULL), (2, NULL), (10, 'acme'), (11, 'globex')",
        "INSERT INTO shared.rights VALUES (1, 'r'), (1, 'w'), (10, 'r'), (11, 'r')",
        "INSERT INTO shared.accounts VALUES (100, 'acme', 1), (101, 'acme', 10), (200, 'globex',"
            + " 2)",
        "INSERT INTO shared.shares VALUES (1, 'acme', 101), (2, 'acme', 200), (3, 'globex', 200)",
        "INSERT INTO shared.shared_notes VALUES (1, 'acme', 1), (2, 'acme', 2), (3, 'acme', NULL)");
  }

  PlanFindings plan() {
    return plan("acme");
  }

  PlanFindings plan(String tenantKey) {
    PostgresSpec spec =
        PostgresSpecBuilder.rows(source.spec(), target.spec())
            .referenceTables(List.copyOf(references))
            .copyUnderFence(List.copyOf(underFence))
            .tables(rules)
            .nobodysRows(nobodys)
            .foreignReferences(foreign)
            .build();
    return new PostgresPlanner(
            connections,
            new ClientPrograms(),
            new QuerySessions(connections, null),
            TestObjects.ALL)
        .plan(
            TestRequests.context(
                TestJournal.newMigrationId(),
                TestRequests.request(tenantKey, spec, null, List.of()).in(mode)),
            ProgressMonitor.unmonitored());
  }

  static List<String> objects(PlanFindings plan) {
    return plan.refusals().stream().map(Refusal::object).toList();
  }

  private static Refusal refusal(PlanFindings plan, String object) {
    return plan.refusals().stream()
        .filter(refusal -> refusal.object().equals(object))
        .findFirst()
        .orElseThrow(() -> new AssertionError(object + " is not refused: " + plan.refusals()));
  }

  static String reason(PlanFindings plan, String object) {
    return refusal(plan, object).reason();
  }

  static String remedy(PlanFindings plan, String object) {
    return refusal(plan, object).remedy();
  }

  static Map<String, Long> rows(PlanFindings plan) {
    StoresSummary.Postgres postgres = plan.stores().postgres();
    assertThat(postgres).isNotNull();
    Map<String, Long> rows = new LinkedHashMap<>();
    postgres.tables().forEach(table -> rows.put(table.table(), table.rows()));
    return rows;
  }

  static Map<String, Long> left(PlanFindings plan) {
    Map<String, Long> left = new LinkedHashMap<>();
    for (LeftBehind entry : plan.leftBehind()) {
      left.merge(entry.object(), entry.count(), Long::sum);
    }
    return left;
  }
}
