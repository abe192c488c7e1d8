package com.matih.tenantmigration.activities.postgres.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What other tenants pay while changes are captured, and the way out. */
class CopyUnderFencePlanIT extends OwnershipLab {

  @BeforeEach
  void createPlatform() throws SQLException {
    mode = Mode.ONLINE;
    source.execute(
        "CREATE TABLE shared.projects (id int PRIMARY KEY, tenant_id text NOT NULL)",
        "CREATE TABLE shared.tasks (id int PRIMARY KEY, project int NOT NULL REFERENCES shared.projects)",
        "CREATE TABLE shared.comments (id int PRIMARY KEY, task int NOT NULL REFERENCES shared.tasks)",
        "CREATE TABLE shared.people (id int PRIMARY KEY, name text)",
        "CREATE TABLE shared.members (person int REFERENCES shared.people, tenant_id text)",
        "INSERT INTO shared.projects SELECT n, CASE n % 2 WHEN 0 THEN 'acme' ELSE 'globex' END"
            + " FROM generate_series(1, 200) n",
        "INSERT INTO shared.tasks SELECT n, n FROM generate_series(1, 200) n",
        "INSERT INTO shared.comments SELECT n, n FROM generate_series(1, 200) n",
        "INSERT INTO shared.people SELECT n, 'p' FROM generate_series(1, 20000) n",
        "INSERT INTO shared.members SELECT n, CASE n % 2 WHEN 0 THEN 'acme' ELSE 'globex' END"
            + " FROM generate_series(1, 20000) n",
        "ANALYZE");
    rules.put(
        "people",
        TableRule.byCondition(
            "id IN (SELECT person FROM {schema}.members WHERE tenant_id = {tenantKey})"));
  }

  @Test
  void aConditionThatIsDearToEvaluateForEachRowIsToldWithTheWayOut() {
    PlanFindings plan = plan();

    assertThat(plan.refusals()).isEmpty();
    assertThat(of(plan, "shared.people"))
        .anyMatch(
            message ->
                message.startsWith("makes an UPDATE of one row, of any tenant, about ")
                    && message.contains("the condition of postgres.tables is evaluated")
                    && message.contains("list the table in postgres.copyUnderFence"));
    // two lookups by primary keys
    assertThat(of(plan, "shared.comments")).isEmpty();
  }

  @Test
  void whatIsCopiedUnderTheFenceIsListedWithTheTablesThatHangOnItAndCostsNobodyAnything() {
    underFence.addAll(List.of("people", "tasks"));

    PlanFindings plan = plan();

    assertThat(plan.refusals()).isEmpty();
    for (String table : List.of("shared.people", "shared.tasks", "shared.comments")) {
      assertThat(of(plan, table))
          .singleElement()
          .asString()
          .startsWith("is copied again while the tenant is read-only")
          .endsWith(
              "because postgres.copyUnderFence lists it, or a table to whose rows its rows belong.");
    }
    assertThat(of(plan, "shared.projects")).isEmpty();
  }

  @Test
  void aTableWithMoreColumnsThanCanBeFollowedIsRefusedAndMovesOffline() throws SQLException {
    source.execute(
        "DO $$ BEGIN EXECUTE (SELECT 'CREATE TABLE shared.answers (task int NOT NULL REFERENCES"
            + " shared.tasks, ' || string_agg('c' || n || ' smallint', ', ') || ')'"
            + " FROM generate_series(1, 1598) n); END $$");

    assertThat(plan().refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.object()).isEqualTo("shared.answers");
              assertThat(refusal.reason()).contains("has 1599 columns", "at most 1598");
              assertThat(refusal.remedy()).isEqualTo("Write mode: offline.");
            });
    mode = Mode.OFFLINE;
    assertThat(plan().refusals()).isEmpty();
    mode = Mode.ONLINE;
    source.execute("ALTER TABLE shared.answers DROP COLUMN c1");
    assertThat(plan().refusals()).isEmpty();
  }

  @Test
  void aNameThatIsNoTableIsRefused() {
    underFence.add("comment");

    assertThat(plan().refusals())
        .anySatisfy(
            refusal -> {
              assertThat(refusal.object()).isEqualTo("shared.comment");
              assertThat(refusal.reason())
                  .isEqualTo("is listed in copyUnderFence and does not exist");
            });
  }

  private static List<String> of(PlanFindings plan, String object) {
    return plan.warnings().stream()
        .filter(warning -> warning.object().equals(object))
        .map(Warning::message)
        .toList();
  }
}
