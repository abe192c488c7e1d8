package com.matih.tenantmigration.activities.postgres.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.request.PostgresSpec.ForeignReferences;
import com.matih.tenantmigration.workflow.request.PostgresSpec.NobodysRows;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What a plan says of rows that are nobody's, or refer to rows that do not move. */
class OwnershipRowsIT extends OwnershipLab {

  @Test
  void rowsOfNobodyAndReferencesToRowsThatStayAreRefusedByTableAndKeyAndCount()
      throws SQLException {
    createRoles();

    PlanFindings plan = plan();

    assertThat(reason(plan, "shared.roles"))
        .contains("2 rows without a tenant", "tenant_id is NULL");
    assertThat(reason(plan, "shared.rights")).contains("2 rows without a tenant");
    assertThat(reason(plan, "shared.accounts"))
        .contains("1 row ", "row without a tenant", "accounts_role_fkey", "shared.roles");
    assertThat(reason(plan, "shared.shares"))
        .contains("1 row ", "another tenant's row", "shares_account_fkey", "shared.accounts");
  }

  @Test
  void whatTheRequestLeavesIsListedWithWhatHangsOnIt() throws SQLException {
    createRoles();
    nobodys = NobodysRows.LEAVE;
    foreign = ForeignReferences.LEAVE;

    PlanFindings plan = plan();

    assertThat(plan.refusals()).isEmpty();
    assertThat(left(plan))
        .containsEntry("shared.roles", 2L)
        .containsEntry("shared.rights", 2L)
        .containsEntry("shared.accounts", 1L)
        .containsEntry("shared.shares", 1L)
        .containsEntry("shared.shared_notes", 1L);
    assertThat(rows(plan))
        .containsEntry("public.roles", 1L)
        .containsEntry("public.rights", 1L)
        .containsEntry("public.accounts", 1L)
        .containsEntry("public.shares", 1L)
        .containsEntry("public.shared_notes", 2L);
  }

  @Test
  void nobodysRowsMoveAlongWhereTheRequestCarriesThem() throws SQLException {
    createRoles();
    source.execute(
        "DELETE FROM shared.shared_notes WHERE id = 2", "DELETE FROM shared.shares WHERE id = 2");
    nobodys = NobodysRows.CARRY;

    PlanFindings plan = plan();

    assertThat(plan.refusals()).isEmpty();
    assertThat(rows(plan))
        .containsEntry("public.roles", 3L)
        .containsEntry("public.rights", 3L)
        .containsEntry("public.accounts", 2L);
    assertThat(plan.warnings())
        .anyMatch(
            warning ->
                warning.object().equals("shared.roles")
                    && warning.message().contains("2 rows without a tenant, to be moved along"));
  }

  @Test
  void orphansUnderAKeyThatClaimsToBeValidAreCountedAndThoseOfOneThatDoesNotMoveAsTheyAre()
      throws SQLException {
    source.execute(
        "CREATE TABLE shared.orders (id int PRIMARY KEY, tenant_id text NOT NULL)",
        "CREATE TABLE shared.lines (id int PRIMARY KEY, tenant_id text NOT NULL, order_id int"
            + " REFERENCES shared.orders)",
        "CREATE TABLE shared.kids (id int PRIMARY KEY, tenant_id text NOT NULL, order_id int)",
        "INSERT INTO shared.orders VALUES (1, 'acme'), (2, 'acme')",
        "INSERT INTO shared.lines VALUES (1, 'acme', 1), (2, 'acme', 2), (3, 'acme', NULL)",
        "INSERT INTO shared.kids VALUES (1, 'acme', 99)",
        "ALTER TABLE shared.kids ADD FOREIGN KEY (order_id) REFERENCES shared.orders NOT VALID",
        "SET session_replication_role = replica; DELETE FROM shared.orders WHERE id = 2");

    PlanFindings plan = plan();

    assertThat(objects(plan)).containsExactly("shared.lines");
    assertThat(reason(plan, "shared.lines"))
        .contains("1 row ", "does not exist", "lines_order_id_fkey", "shared.orders");
  }

  @Test
  void aRowThatTheIndexLacksIsFoundByCountingWithoutIt() throws SQLException {
    source.execute(
        "CREATE TABLE shared.hidden (id int PRIMARY KEY, tenant_id text NOT NULL)",
        "CREATE INDEX hidden_tenant ON shared.hidden (tenant_id)",
        "INSERT INTO shared.hidden SELECT i, CASE WHEN i > 50 THEN 'globex' ELSE 'acme' END FROM"
            + " generate_series(1, 20000) i",
        "UPDATE pg_index SET indisready = false, indislive = false WHERE indexrelid ="
            + " 'shared.hidden_tenant'::regclass");
    source.execute("INSERT INTO shared.hidden VALUES (0, 'acme')");
    source.execute(
        "UPDATE pg_index SET indisready = true, indislive = true WHERE indexrelid ="
            + " 'shared.hidden_tenant'::regclass");
    source.execute("ANALYZE shared.hidden");

    assertThat(reason(plan(), "shared.hidden")).contains("51 rows", "without its indexes", "50");

    source.execute("REINDEX TABLE shared.hidden");
    assertThat(plan().refusals()).isEmpty();
  }

  /** As where each year's partition is a table of its own for those that refer to it. */
  @Test
  void referencesToAndFromSinglePartitionsAreLookedAt() throws SQLException {
    source.execute(
        "CREATE TABLE shared.users (id int PRIMARY KEY, tenant_id text NOT NULL)",
        "CREATE TABLE shared.events (id int NOT NULL, year int NOT NULL, tenant_id text NOT NULL,"
            + " by int) PARTITION BY LIST (year)",
        "CREATE TABLE shared.events_2024 PARTITION OF shared.events"
            + " (PRIMARY KEY (id), FOREIGN KEY (by) REFERENCES shared.users) FOR VALUES IN (2024)",
        "CREATE TABLE shared.events_2025 PARTITION OF shared.events FOR VALUES IN (2025)",
        "CREATE TABLE shared.notes (id int PRIMARY KEY, tenant_id text NOT NULL,"
            + " event int REFERENCES shared.events_2024)",
        "INSERT INTO shared.users VALUES (1, 'acme'), (2, 'globex')",
        "INSERT INTO shared.events VALUES (1, 2024, 'acme', 1), (2, 2024, 'globex', 2),"
            + " (2, 2025, 'acme', 2)",
        "INSERT INTO shared.notes VALUES (1, 'acme', 1), (2, 'globex', 2)");
    assertThat(plan().refusals()).isEmpty();
    source.execute(
        "INSERT INTO shared.notes VALUES (3, 'acme', 2)",
        "INSERT INTO shared.events VALUES (3, 2024, 'acme', 2)");

    for (ForeignReferences way : ForeignReferences.values()) {
      foreign = way;
      PlanFindings plan = plan();

      assertThat(objects(plan)).containsExactly("shared.events_2024", "shared.notes");
      assertThat(reason(plan, "shared.notes"))
          .isEqualTo(
              "has 1 row referencing another tenant's row, which does not move (foreign key"
                  + " notes_event_fkey to shared.events_2024)");
    }
  }
}
