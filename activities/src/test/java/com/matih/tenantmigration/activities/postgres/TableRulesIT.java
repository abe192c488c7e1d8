package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.PostgresTenantLeak;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.activities.postgres.fence.WriteFence;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.request.PostgresSpec.ForeignReferences;
import com.matih.tenantmigration.workflow.request.PostgresSpec.NobodysRows;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A schema as real platforms have it: each table's rows are told by a rule of its own. */
class TableRulesIT {

  private final PostgresConnections connections =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());
  private CopyLab lab;
  private WriteFence fence;

  @BeforeEach
  void createSchema(@TempDir Path folder) throws Exception {
    Map<String, TableRule> rules = new LinkedHashMap<>();
    rules.put("tenants", TableRule.byColumn("id"));
    rules.put("memberships", TableRule.byColumn("organization_id"));
    rules.put("articles", TableRule.byColumn("tenantId"));
    rules.put(
        "users",
        TableRule.byCondition(
            "EXISTS (SELECT 1 FROM {schema}.memberships m WHERE m.user_id = users.id"
                + " AND m.organization_id = {tenantKey}) -- members"));
    rules.put("comments", TableRule.byOwner(List.of("article_id")));
    rules.put(
        "attachments",
        TableRule.byCondition(
            "kind = 'Article' AND about IN (SELECT id FROM {schema}.articles"
                + " WHERE \"tenantId\" = {tenantKey})"));
    lab = CopyLab.ruled(folder, "shared", rules, NobodysRows.LEAVE, ForeignReferences.REFUSE);
    fence = new WriteFence(connections, TestJournal.shared());
    createTables(lab.source);
  }

  private static void createTables(TestDatabase source) throws SQLException {
    source.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.tenants (id text PRIMARY KEY, name text)",
        "CREATE TABLE shared.users (id int PRIMARY KEY, email text, seen int DEFAULT 0)",
        "CREATE TABLE shared.memberships (organization_id text NOT NULL REFERENCES shared.tenants,"
            + " user_id int NOT NULL REFERENCES shared.users, PRIMARY KEY (organization_id,"
            + " user_id))",
        "CREATE TABLE shared.profiles (user_id int PRIMARY KEY REFERENCES shared.users, bio text)",
        "CREATE TABLE shared.articles (id int PRIMARY KEY, \"tenantId\" text NOT NULL,"
            + " author int NOT NULL REFERENCES shared.users, pinned int)",
        "CREATE TABLE shared.comments (id int PRIMARY KEY, article_id int REFERENCES"
            + " shared.articles, author int NOT NULL REFERENCES shared.users, parent int REFERENCES"
            + " shared.comments)",
        "ALTER TABLE shared.articles ADD FOREIGN KEY (pinned) REFERENCES shared.comments",
        "CREATE TABLE shared.attachments (id int PRIMARY KEY, kind text, about int, body text)",
        "INSERT INTO shared.tenants VALUES ('acme', 'A'), ('globex', 'G')",
        "INSERT INTO shared.users VALUES (1, 'ann'), (2, 'bob'), (3, 'cid')",
        "INSERT INTO shared.memberships VALUES ('acme', 1), ('acme', 3), ('globex', 2), ('globex',"
            + " 3)",
        "INSERT INTO shared.profiles VALUES (1, 'a'), (2, 'b'), (3, 'c')",
        "INSERT INTO shared.articles VALUES (10, 'acme', 1, NULL), (20, 'globex', 2, NULL)",
        "INSERT INTO shared.comments VALUES (100, 10, 3, NULL), (101, 10, 1, 100), (200, 20, 3,"
            + " NULL)",
        "UPDATE shared.articles SET pinned = 101 WHERE id = 10",
        "INSERT INTO shared.attachments VALUES (1, 'Article', 10, 'x'), (2, 'Article', 20, 'y'),"
            + " (3, 'User', 1, 'z')");
  }

  @AfterEach
  void dropDatabases() throws SQLException {
    lab.close();
  }

  @Test
  void eachTablesRowsMoveByItsOwnRuleAndNobodyElses() throws SQLException {
    lab.migrate();

    assertThat(target("SELECT id FROM public.tenants")).containsExactly("acme");
    assertThat(target("SELECT email FROM public.users ORDER BY 1")).containsExactly("ann", "cid");
    assertThat(target("SELECT bio FROM public.profiles ORDER BY 1")).containsExactly("a", "c");
    assertThat(target("SELECT user_id FROM public.memberships ORDER BY 1"))
        .containsExactly("1", "3");
    assertThat(target("SELECT id FROM public.articles")).containsExactly("10");
    assertThat(target("SELECT id FROM public.comments ORDER BY 1")).containsExactly("100", "101");
    assertThat(target("SELECT id FROM public.attachments")).containsExactly("1");
    for (Finding finding : List.of(rowContent(), leak())) {
      assertThat(finding.namedMismatches()).isEmpty();
      assertThat(finding.comparedCount()).isEqualTo(1 + 2 + 2 + 2 + 1 + 2 + 1);
    }
  }

  @Test
  void theFenceJudgesOldAndNewRowByTheSameRules() throws SQLException {
    raise();

    refused("UPDATE shared.tenants SET name = 'x' WHERE id = 'acme'");
    refused("UPDATE shared.users SET seen = 1 WHERE id = 1");
    refused("UPDATE shared.profiles SET bio = 'x' WHERE user_id = 1");
    refused("UPDATE shared.articles SET \"tenantId\" = 'acme' WHERE id = 20");
    refused("INSERT INTO shared.comments VALUES (102, 10, 2, NULL)");
    refused("UPDATE shared.comments SET article_id = 20 WHERE id = 100");
    refused("INSERT INTO shared.attachments VALUES (4, 'Article', 10, 'new')");
    refused("DELETE FROM shared.attachments WHERE id = 1");
    refused("INSERT INTO shared.memberships VALUES ('acme', 2)");
    passes("UPDATE shared.tenants SET name = 'x' WHERE id = 'globex'");
    passes("UPDATE shared.users SET seen = 1 WHERE id = 2");
    passes("INSERT INTO shared.comments VALUES (201, 20, 1, NULL)");
    passes("INSERT INTO shared.attachments VALUES (5, 'Article', 20, 'new')");
    passes("UPDATE shared.attachments SET body = 'x' WHERE id = 3");
    assertThat(missing()).isEmpty();
  }

  /** The fence stops this tenant alone: who works for a neighbour too must go on there. */
  @Test
  void aRowThatANeighbourUsesTooIsNotFencedAndItsLaterChangeIsNoted() throws SQLException {
    raise();
    lab.migrate();

    passes("UPDATE shared.users SET seen = 7 WHERE id = 3");

    Finding content = rowContent();
    assertThat(content.namedMismatches()).isEmpty();
    assertThat(content.notes())
        .singleElement()
        .asString()
        .contains("shared.users", "changed at its source after it was copied");
    lab.target.execute("UPDATE public.users SET seen = 9 WHERE id = 1");
    assertThat(rowContent().namedMismatches()).anyMatch(text -> text.contains("public.users"));
  }

  @Test
  void aRowThatTheConditionCannotBeAskedOfIsNoNeighboursTrouble() throws Exception {
    Map<String, TableRule> rules = new LinkedHashMap<>(lab.spec().tables());
    rules.put("attachments", TableRule.byCondition("body::int > 0 AND kind = {tenantKey}"));
    try (CopyLab casting =
        CopyLab.ruled(
            Path.of("/nowhere"), "shared", rules, NobodysRows.REFUSE, ForeignReferences.REFUSE)) {
      casting.source.execute(
          "CREATE SCHEMA shared",
          "CREATE TABLE shared.attachments (id int PRIMARY KEY, kind text, body text)",
          "INSERT INTO shared.attachments VALUES (1, 'acme', '1')");
      fence.raise(casting.context, ProgressMonitor.unmonitored());

      assertThatCode(
              () -> casting.source.execute("INSERT INTO shared.attachments VALUES (2, 'g', 'x')"))
          .doesNotThrowAnyException();
      assertThatThrownBy(
              () -> casting.source.execute("DELETE FROM shared.attachments WHERE id = 1"))
          .hasMessageContaining("is being moved or has moved");
    }
  }

  /** It might not see what tells whose the row is. */
  @Test
  void aSnapshotThatIsOlderThanTheFenceIsRefusedWhereAConditionTells() throws SQLException {
    try (Connection old = lab.source.connect()) {
      old.setAutoCommit(false);
      old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      TestDatabase.query(old, "SELECT 1");
      lab.source.execute("INSERT INTO shared.memberships VALUES ('acme', 2)");
      raise();

      assertThatThrownBy(
              () -> TestDatabase.execute(old, "UPDATE shared.users SET seen = 1 WHERE id = 2"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("40001"));
    }
  }

  /** The rule that a copy goes by hides its own mistakes. */
  @Test
  void aConditionThatPicksRowsOfOthersIsFoundByTheLeakCheck(@TempDir Path folder) throws Exception {
    Map<String, TableRule> rules = new LinkedHashMap<>(lab.spec().tables());
    rules.put("users", TableRule.byCondition("id > 0"));
    try (CopyLab leaking = sibling(folder, rules, NobodysRows.REFUSE, ForeignReferences.REFUSE)) {
      createTables(leaking.source);
      leaking.migrate();

      assertThat(leak(leaking).namedMismatches())
          .singleElement()
          .asString()
          .contains("public.users", "'2'", "other tenants alone");
    }
  }

  @Test
  void aTableOfTenantsThatWasCopiedWholeIsFoundByTheLeakCheck(@TempDir Path folder)
      throws Exception {
    try (CopyLab leaking =
        CopyLab.rows(folder, "shared", List.of("tenants", "users"), List.of(), List.of())) {
      leaking.source.execute(
          "CREATE SCHEMA shared",
          "CREATE TABLE shared.tenants (id text PRIMARY KEY)",
          "CREATE TABLE shared.users (id int PRIMARY KEY)",
          "CREATE TABLE shared.members (tenant_id text REFERENCES shared.tenants, user_id int"
              + " REFERENCES shared.users, PRIMARY KEY (tenant_id, user_id))",
          "INSERT INTO shared.tenants VALUES ('acme'), ('globex')",
          "INSERT INTO shared.users VALUES (1), (2)",
          "INSERT INTO shared.members VALUES ('acme', 1), ('globex', 2)");
      leaking.migrate();

      assertThat(leak(leaking).namedMismatches())
          .satisfiesExactlyInAnyOrder(
              tenants -> assertThat(tenants).contains("public.tenants was copied whole"),
              users -> assertThat(users).contains("public.users was copied whole"));
    }
  }

  @Test
  void nobodysRowsAndWhatHangsOnThemMoveAlongAndOthersMayChangeThem(@TempDir Path folder)
      throws Exception {
    try (CopyLab carrying =
        sibling(folder, Map.of(), NobodysRows.CARRY, ForeignReferences.REFUSE)) {
      createRoles(carrying.source);
      fence.raise(carrying.context, ProgressMonitor.unmonitored());
      carrying.migrate();

      assertThat(carrying.target.query("SELECT id FROM public.roles ORDER BY 1"))
          .containsExactly("1", "10");
      assertThat(carrying.target.query("SELECT name FROM public.rights ORDER BY 1"))
          .containsExactly("mine", "of all");
      assertThat(rowContent(carrying).namedMismatches()).isEmpty();
      assertThat(leak(carrying).namedMismatches()).isEmpty();

      carrying.source.execute("UPDATE shared.roles SET name = 'root' WHERE id = 1");
      assertThat(rowContent(carrying).namedMismatches()).isEmpty();
      assertThat(rowContent(carrying).notes()).isNotEmpty();
      assertThatThrownBy(
              () -> carrying.source.execute("UPDATE shared.roles SET name = 'x' WHERE id = 10"))
          .hasMessageContaining("is being moved or has moved");
    }
  }

  @Test
  void rowsThatReferenceWhatStaysAreLeftSoThatEveryForeignKeyHolds(@TempDir Path folder)
      throws Exception {
    try (CopyLab leaving = sibling(folder, Map.of(), NobodysRows.LEAVE, ForeignReferences.LEAVE)) {
      createRoles(leaving.source);
      leaving.migrate();

      assertThat(leaving.target.query("SELECT id FROM public.roles ORDER BY 1"))
          .containsExactly("10");
      assertThat(leaving.target.query("SELECT id FROM public.accounts ORDER BY 1"))
          .containsExactly("101");
      assertThat(leaving.target.query("SELECT id FROM public.notes ORDER BY 1"))
          .containsExactly("1", "4");
      assertThat(
              leaving.target.query(
                  "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated"
                      + " AND connamespace = 'public'::regnamespace"))
          .containsExactly("4");
      assertThat(rowContent(leaving).namedMismatches()).isEmpty();
      assertThat(leak(leaving).namedMismatches()).isEmpty();
    }
  }

  private static void createRoles(TestDatabase source) throws SQLException {
    source.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.roles (id int PRIMARY KEY, tenant_id text, name text)",
        "CREATE TABLE shared.rights (role int NOT NULL REFERENCES shared.roles, name text)",
        "CREATE TABLE shared.accounts (id int PRIMARY KEY, tenant_id text NOT NULL, role int NOT"
            + " NULL REFERENCES shared.roles)",
        "CREATE TABLE shared.notes (id int PRIMARY KEY, tenant_id text NOT NULL, account int"
            + " REFERENCES shared.accounts, answers int REFERENCES shared.notes)",
        "INSERT INTO shared.roles VALUES (1, NULL, 'admin'), (10, 'acme', 'own'), (11, 'globex',"
            + " 'own')",
        "INSERT INTO shared.rights VALUES (1, 'of all'), (10, 'mine'), (11, 'theirs')",
        "INSERT INTO shared.accounts VALUES (100, 'acme', 1), (101, 'acme', 10), (200, 'globex',"
            + " 11)",
        "INSERT INTO shared.notes VALUES (1, 'acme', 101, NULL), (2, 'acme', 100, NULL), (3,"
            + " 'acme', 101, 2), (4, 'acme', NULL, 1), (5, 'acme', NULL, 3)");
  }

  private static CopyLab sibling(
      Path folder, Map<String, TableRule> rules, NobodysRows nobodys, ForeignReferences foreign)
      throws SQLException {
    return CopyLab.ruled(folder, "shared", rules, nobodys, foreign);
  }

  private void raise() {
    fence.raise(lab.context, ProgressMonitor.unmonitored());
  }

  private List<String> missing() throws SQLException {
    try (Connection connection = lab.source.connect()) {
      return fence.missing(
          connection, lab.context, TenantCatalog.read(connection, lab.context.request()));
    }
  }

  private void refused(String statement) {
    assertThatThrownBy(() -> lab.source.execute(statement))
        .as(statement)
        .hasMessageContaining("is being moved or has moved");
  }

  private void passes(String statement) {
    assertThatCode(() -> lab.source.execute(statement)).as(statement).doesNotThrowAnyException();
  }

  private List<String> target(String sql) throws SQLException {
    return lab.target.query(sql);
  }

  private Finding rowContent() {
    return rowContent(lab);
  }

  private Finding rowContent(CopyLab copied) {
    return new TableComparison(connections, context -> copied.snapshot)
        .rowContents(copied.context, ProgressMonitor.unmonitored());
  }

  private Finding leak() {
    return leak(lab);
  }

  private Finding leak(CopyLab copied) {
    return new PostgresTenantLeak(connections)
        .findForeign(copied.context, ProgressMonitor.unmonitored());
  }
}
