package com.matih.tenantmigration.activities.postgres.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a plan says of whose rows are whose, and what it proposes where it cannot tell. */
class OwnershipPlanIT extends OwnershipLab {

  private void createPlatform() throws SQLException {
    source.execute(
        "CREATE TABLE shared.tenants (id text PRIMARY KEY, name text)",
        "CREATE TABLE shared.users (id int PRIMARY KEY, email text)",
        "CREATE TABLE shared.countries (code text PRIMARY KEY)",
        "CREATE TABLE shared.memberships (tenant_id text NOT NULL REFERENCES shared.tenants,"
            + " user_id int NOT NULL REFERENCES shared.users, PRIMARY KEY (tenant_id, user_id))",
        "CREATE TABLE shared.notes (id int PRIMARY KEY, tenant_id text NOT NULL, author int NOT"
            + " NULL REFERENCES shared.users, country text REFERENCES shared.countries)",
        "CREATE TABLE shared.profiles (user_id int PRIMARY KEY REFERENCES shared.users)",
        "CREATE TABLE shared.devices (id int PRIMARY KEY, \"tenantId\" text NOT NULL)",
        "CREATE TABLE shared.bills (id int PRIMARY KEY, organization text NOT NULL)",
        "CREATE TABLE shared.files (id int PRIMARY KEY, owner_type text, owner_id int)",
        "INSERT INTO shared.tenants VALUES ('acme'), ('globex')",
        "INSERT INTO shared.users VALUES (1, 'ann'), (2, 'bob'), (3, 'cid'), (4, 'left acme')",
        "INSERT INTO shared.countries VALUES ('de'), ('fr')",
        "INSERT INTO shared.memberships VALUES ('acme', 1), ('acme', 3), ('globex', 2), ('globex',"
            + " 3)",
        "INSERT INTO shared.notes VALUES (1, 'acme', 1, 'de'), (2, 'globex', 2, 'fr'), (3, 'acme',"
            + " 4, NULL)",
        "INSERT INTO shared.profiles VALUES (1), (2), (3)",
        "INSERT INTO shared.devices VALUES (1, 'acme'), (2, 'globex')",
        "INSERT INTO shared.bills VALUES (1, 'acme'), (2, 'globex')",
        "INSERT INTO shared.files VALUES (1, 'Note', 1), (2, 'Note', 2), (3, 'User', 1)");
  }

  /** As the words of the README are: paste them, and the plan knows all tables. */
  @Test
  void whatThePlanProposesSettlesEveryTableOncePasted() throws SQLException {
    createPlatform();
    references.add("countries");

    PlanFindings refused = plan();

    assertThat(objects(refused))
        .containsExactlyInAnyOrder(
            "shared.tenants", "shared.users", "shared.devices", "shared.bills", "shared.files");
    assertThat(remedy(refused, "shared.tenants"))
        .contains("tenants: {tenantColumn: id}", "only the row of the tenant");
    assertThat(remedy(refused, "shared.users"))
        .contains(
            "users: {where: \"id IN (SELECT user_id FROM {schema}.memberships WHERE tenant_id ="
                + " {tenantKey}) OR id IN (SELECT author FROM {schema}.notes WHERE tenant_id ="
                + " {tenantKey})\"}");
    assertThat(refused.proposals())
        .contains(
            "tenants: {tenantColumn: id}",
            "devices: {tenantColumn: tenantId}",
            "bills: {tenantColumn: organization}");

    rules.put("tenants", TableRule.byColumn("id"));
    rules.put("devices", TableRule.byColumn("tenantId"));
    rules.put("bills", TableRule.byColumn("organization"));
    rules.put("users", TableRule.byCondition(where(refused, "users")));
    rules.put("files", TableRule.byCondition(where(refused, "files")));

    PlanFindings plan = plan();

    assertThat(plan.refusals()).isEmpty();
    assertThat(rows(plan))
        .containsEntry("public.tenants", 1L)
        .containsEntry("public.users", 3L)
        .containsEntry("public.profiles", 2L)
        .containsEntry("public.devices", 1L)
        .containsEntry("public.bills", 1L)
        .containsEntry("public.files", 2L);
  }

  private static String where(PlanFindings plan, String table) {
    String line =
        plan.proposals().stream()
            .filter(proposal -> proposal.startsWith(table + ": {where: \""))
            .findFirst()
            .orElseThrow();
    return line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')).replace("\\\"", "\"");
  }

  @Test
  void aTableWithRowsOfTenantsIsNotCopiedWholeUnlessTheRequestSaysThatAllMayHaveIt()
      throws SQLException {
    createPlatform();
    rules.put("files", TableRule.shared());
    rules.put("bills", TableRule.byColumn("organization"));
    rules.put("devices", TableRule.byColumn("tenantId"));
    references.addAll(List.of("tenants", "users", "profiles", "countries"));

    PlanFindings refused = plan();

    assertThat(objects(refused))
        .containsExactlyInAnyOrder("shared.tenants", "shared.users", "shared.profiles");
    assertThat(refused.refusals())
        .allMatch(refusal -> refusal.reason().matches("(?s).*(every )?other tenant.*"))
        .allMatch(refusal -> refusal.remedy().contains("sharedWithAll: true"));
    assertThat(refused.warnings())
        .anyMatch(
            warning ->
                warning.object().equals("shared.countries")
                    && warning.message().contains("1 row that only other tenants' rows"));

    for (String table : List.of("tenants", "users", "profiles", "countries")) {
      rules.put(table, TableRule.shared());
    }
    PlanFindings confirmed = plan();
    assertThat(confirmed.refusals()).isEmpty();
    assertThat(rows(confirmed)).containsEntry("public.users", 4L);
    assertThat(confirmed.warnings())
        .noneMatch(warning -> warning.object().equals("shared.countries"));
  }

  @Test
  void aKeyThatTheColumnsTypeWritesDifferentlyIsRefused() throws SQLException {
    source.execute(
        "CREATE TABLE shared.things (id int PRIMARY KEY, tenant_id uuid NOT NULL)",
        "INSERT INTO shared.things VALUES (1, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')");

    PlanFindings plan = plan("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11");

    assertThat(reason(plan, "shared.things"))
        .contains("is written 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'");
    assertThat(plan("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11").refusals()).isEmpty();
  }

  @Test
  void aRuleThatNamesNothingIsRefusedWithTheNearestName() throws SQLException {
    createRoles();
    rules.put("acounts", TableRule.byColumn("tenant_id"));
    rules.put("roles", TableRule.byColumn("tenantid"));
    rules.put("shares", TableRule.byOwner(List.of("acount")));

    PlanFindings plan = plan();

    assertThat(reason(plan, "shared.acounts")).contains("does not exist");
    assertThat(remedy(plan, "shared.acounts")).contains("Did you mean 'accounts'?");
    assertThat(remedy(plan, "shared.roles")).contains("Did you mean 'tenant_id'?");
    assertThat(remedy(plan, "shared.shares")).contains("Its foreign keys are of: account.");
  }

  @Test
  void aConditionThatIsMoreThanAConditionIsRefusedAndNotRun() throws SQLException {
    source.execute(
        "CREATE TABLE shared.notes (id int PRIMARY KEY, tenant_id text NOT NULL, at timestamptz)",
        "CREATE TABLE shared.loose (id int PRIMARY KEY)",
        "CREATE SEQUENCE shared.counter",
        "CREATE FUNCTION shared.count_up() RETURNS boolean LANGUAGE sql AS"
            + " $$ SELECT nextval('shared.counter') > 0 $$",
        "CREATE SCHEMA other",
        "CREATE TABLE other.list (id int)");
    Map<String, String> refused = new LinkedHashMap<>();
    refused.put("{schema}.count_up()", "VOLATILE");
    refused.put("nextval('shared.counter') > 0", "side effects");
    refused.put("true) OR (id > 0", "is not valid for the table");
    refused.put("true) ORDER BY (1", "is not valid for the table");
    refused.put("true) UNION SELECT 2 FROM shared.notes WHERE (true", "is not valid for the table");
    refused.put("true); DROP TABLE shared.notes; SELECT (true", "several statements");
    refused.put("true, false", "is not valid for the table");
    refused.put("true] OR ARRAY[true", "is not valid for the table");
    refused.put("true /*", "is not valid for the table");
    refused.put("id = ANY (SELECT id FROM notes)", "notes");
    refused.put("t.id > 0", "is not valid for the table");
    refused.put("ctid = '(0,1)'", "ctid");
    refused.put("now() > '2020-01-01'", "now");
    refused.put("CURRENT_USER = 'postgres'", "current time, user");
    refused.put("random() < 0.5", "random");
    refused.put("id IN (SELECT id FROM other.list)", "other.list, which does not move");
    refused.put("id IN (SELECT id FROM {schema}.notes FOR UPDATE)", "locks");
    refused.put("pg_sleep(86400) IS NULL", "pg_sleep");
    refused.put("1", "is not valid for the table");
    refused.put("identity > 0", "identity");
    for (Map.Entry<String, String> entry : refused.entrySet()) {
      rules.put("loose", TableRule.byCondition(entry.getKey()));

      PlanFindings plan = plan();

      assertThat(reason(plan, "shared.loose")).as(entry.getKey()).contains(entry.getValue());
    }
    assertThat(source.query("SELECT is_called FROM shared.counter")).containsExactly("f");

    rules.put(
        "loose",
        TableRule.byCondition(
            "EXISTS (SELECT 1 FROM {schema}.notes n WHERE n.id = loose.id AND n.tenant_id ="
                + " {tenantKey}) -- fine"));
    assertThat(plan().refusals()).isEmpty();
  }

  @Test
  void anOwnerDecidesWhereForeignKeysDisagreeOrLeadInACircle() throws SQLException {
    source.execute(
        "CREATE TABLE shared.boards (id int PRIMARY KEY, tenant_id text NOT NULL)",
        "CREATE TABLE shared.cards (id int PRIMARY KEY, board int REFERENCES shared.boards, cover"
            + " int)",
        "CREATE TABLE shared.images (id int PRIMARY KEY, card int REFERENCES shared.cards, seen_on"
            + " int REFERENCES shared.boards)",
        "ALTER TABLE shared.cards ADD FOREIGN KEY (cover) REFERENCES shared.images",
        "INSERT INTO shared.boards VALUES (1, 'acme'), (2, 'globex')",
        "INSERT INTO shared.cards VALUES (10, 1, NULL), (20, 2, NULL)",
        "INSERT INTO shared.images VALUES (100, 10, 1), (200, 20, 2), (201, 20, 1)",
        "UPDATE shared.cards SET cover = 100 WHERE id = 10");
    PlanFindings torn = plan();
    rules.put("images", TableRule.byOwner(List.of("card")));

    assertThat(rows(plan())).containsEntry("public.images", 1L);
    assertThat(plan().refusals()).isEmpty();
    assertThat(torn.refusals()).isNotEmpty();
  }
}
