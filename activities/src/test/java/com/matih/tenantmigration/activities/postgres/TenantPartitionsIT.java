package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.PostgresTenantLeak;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.activities.postgres.plan.PostgresPlanner;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.PostgresSpec.ForeignReferences;
import com.matih.tenantmigration.workflow.request.PostgresSpec.NobodysRows;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partitions, bounds and definitions that tell who the neighbours are. */
class TenantPartitionsIT {

  private final PostgresConnections connections =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());
  private CopyLab lab;

  @BeforeEach
  void createTables(@TempDir Path folder) throws SQLException {
    lab = CopyLab.ruled(folder, "shared", Map.of(), NobodysRows.REFUSE, ForeignReferences.REFUSE);
    lab.source.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.docs (id int, tenant_id text NOT NULL, body text, PRIMARY KEY"
            + " (tenant_id, id)) PARTITION BY LIST (tenant_id)",
        "CREATE TABLE shared.docs_acme PARTITION OF shared.docs FOR VALUES IN ('acme')",
        "CREATE TABLE shared.docs_secret_gmbh PARTITION OF shared.docs FOR VALUES IN"
            + " ('secret-gmbh')",
        "CREATE TABLE shared.docs_rest PARTITION OF shared.docs DEFAULT",
        "CREATE INDEX docs_secret_only ON shared.docs_secret_gmbh (body) WHERE body <>"
            + " 'secret-gmbh'",
        "CREATE TABLE shared.events (at date NOT NULL, tenant_id text NOT NULL, n int) PARTITION"
            + " BY RANGE (at)",
        "CREATE TABLE shared.events_25 PARTITION OF shared.events FOR VALUES FROM ('2025-01-01')"
            + " TO ('2026-01-01') PARTITION BY RANGE (tenant_id)",
        "CREATE TABLE shared.events_25_a PARTITION OF shared.events_25 FOR VALUES FROM ('a') TO"
            + " ('b')",
        "CREATE TABLE shared.events_25_s PARTITION OF shared.events_25 FOR VALUES FROM"
            + " ('secret-gmbh') TO (MAXVALUE)",
        "CREATE INDEX ON shared.events (n)",
        "INSERT INTO shared.docs SELECT i, t, 'x' FROM generate_series(1, 5) i, (VALUES ('acme'),"
            + " ('secret-gmbh'), ('globex')) v(t)",
        "INSERT INTO shared.events SELECT '2025-03-01', t, i FROM generate_series(1, 7) i, (VALUES"
            + " ('acme'), ('secret-gmbh')) v(t)");
  }

  @AfterEach
  void dropDatabases() throws SQLException {
    lab.close();
  }

  @Test
  void onlyPartitionsThatMayHoldTheTenantsRowsMove() throws SQLException {
    // the lab has made the dedicated database already
    assertThat(plan().refusals()).extracting(Refusal::object).containsExactly(lab.target.name());
    assertThat(plan().leftBehind())
        .anyMatch(left -> left.object().equals("shared.docs") && left.count() == 1)
        .anyMatch(left -> left.object().equals("shared.events") && left.count() == 1);

    lab.migrate();

    assertThat(
            lab.target.query(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND"
                    + " relkind IN ('r', 'p') ORDER BY 1"))
        .containsExactly("docs", "docs_acme", "docs_rest", "events", "events_25", "events_25_a");
    assertThat(lab.target.query("SELECT count(*) FROM public.docs")).containsExactly("5");
    assertThat(lab.target.query("SELECT count(*) FROM public.events")).containsExactly("7");
    assertThat(lab.target.query("SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
        .containsExactly("0");
    lab.target.execute("INSERT INTO public.docs VALUES (99, 'acme', 'new')");
    lab.target.execute("DELETE FROM public.docs WHERE id = 99");
    assertThat(rowContent().namedMismatches()).isEmpty();
    assertThat(leak().namedMismatches()).isEmpty();
  }

  /** The key is compared as the server compares it that assigned the rows. */
  @Test
  void partitionsAreJudgedByTheTypeAndTheCollationOfTheirKey() throws SQLException {
    lab.source.execute(
        "CREATE TABLE shared.padded (tenant_id char(20) NOT NULL, n int) PARTITION BY LIST (tenant_id)",
        "CREATE TABLE shared.padded_acme PARTITION OF shared.padded FOR VALUES IN ('acme')",
        "CREATE TABLE shared.padded_a PARTITION OF shared.padded FOR VALUES IN ('a')",
        "CREATE TABLE shared.sorted (tenant_id text COLLATE \"en-x-icu\" NOT NULL, n int)"
            + " PARTITION BY RANGE (tenant_id)",
        "CREATE TABLE shared.sorted_early PARTITION OF shared.sorted FOR VALUES FROM ('A') TO ('M')",
        "CREATE TABLE shared.sorted_late PARTITION OF shared.sorted FOR VALUES FROM ('M') TO ('Z')",
        "CREATE COLLATION shared.ignoring (provider = icu, locale = 'und-u-ks-level2',"
            + " deterministic = false)",
        "CREATE TABLE shared.spelled (tenant_id text COLLATE shared.ignoring NOT NULL, n int)"
            + " PARTITION BY LIST (tenant_id)",
        "CREATE TABLE shared.spelled_acme PARTITION OF shared.spelled FOR VALUES IN ('ACME')",
        "CREATE TABLE shared.spelled_globex PARTITION OF shared.spelled FOR VALUES IN ('GLOBEX')",
        "INSERT INTO shared.padded VALUES ('acme', 1)",
        "INSERT INTO shared.sorted VALUES ('acme', 1)",
        "INSERT INTO shared.spelled VALUES ('acme', 1)");

    assertThat(foreignPartitions("padded")).containsExactly("padded_a");
    assertThat(foreignPartitions("sorted")).containsExactly("sorted_late");
    assertThat(foreignPartitions("spelled")).containsExactly("spelled_globex");
  }

  @Test
  void partitionsOfARangeOfSeveralColumnsAreJudgedByTheFirst() throws SQLException {
    lab.source.execute(
        "CREATE TABLE shared.used (tenant_id text NOT NULL, day date NOT NULL, n int)"
            + " PARTITION BY RANGE (tenant_id, day)",
        "CREATE TABLE shared.used_a PARTITION OF shared.used"
            + " FOR VALUES FROM (MINVALUE, MINVALUE) TO ('acme', MINVALUE)",
        "CREATE TABLE shared.used_old PARTITION OF shared.used"
            + " FOR VALUES FROM ('acme', MINVALUE) TO ('acme', '2025-01-01')",
        "CREATE TABLE shared.used_new PARTITION OF shared.used"
            + " FOR VALUES FROM ('acme', '2025-01-01') TO ('acme', MAXVALUE)",
        "CREATE TABLE shared.used_b PARTITION OF shared.used"
            + " FOR VALUES FROM ('acme', MAXVALUE) TO ('it''s, too', '2025-01-01')",
        "CREATE TABLE shared.used_s PARTITION OF shared.used"
            + " FOR VALUES FROM ('secret-gmbh', MINVALUE) TO ('secret-gmbh', MAXVALUE)",
        "INSERT INTO shared.used VALUES ('acme', '2024-05-01', 1), ('acme', '2025-05-01', 2),"
            + " ('secret-gmbh', '2025-05-01', 3)");

    assertThat(foreignPartitions("used")).containsExactly("used_a", "used_b", "used_s");
    lab.migrate();
    assertThat(lab.target.query("SELECT n FROM public.used ORDER BY 1")).containsExactly("1", "2");
    assertThat(leak().namedMismatches()).isEmpty();
  }

  @Test
  void partitionsByDateBelowEachTenantsOwnNameNobody() throws SQLException {
    lab.source.execute(
        "CREATE TABLE shared.logs (tenant_id text NOT NULL, day date NOT NULL)"
            + " PARTITION BY LIST (tenant_id)");
    for (String tenant : List.of("acme", "secret-gmbh")) {
      String table = "shared.logs_" + tenant.substring(0, 1);
      lab.source.execute(
          "CREATE TABLE %s PARTITION OF shared.logs FOR VALUES IN ('%s') PARTITION BY RANGE (day)"
              .formatted(table, tenant),
          "CREATE TABLE %1$s_25 PARTITION OF %1$s FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"
              .formatted(table));
    }

    assertThat(foreignPartitions("logs")).containsExactly("logs_s", "logs_s_25");
    assertThat(plan().refusals()).extracting(Refusal::object).containsExactly(lab.target.name());
  }

  private Set<String> foreignPartitions(String table) throws SQLException {
    return lab.catalog().foreignPartitions().getOrDefault(table, Set.of());
  }

  @Test
  void aDefinitionThatNamesANeighbourIsRefusedAndFoundByTheLeakCheck() throws SQLException {
    lab.source.execute(
        "CREATE INDEX docs_others ON shared.docs (body) WHERE tenant_id <> 'secret-gmbh'",
        "COMMENT ON TABLE shared.docs IS 'As secret-gmbh has them'",
        "ALTER TABLE shared.docs ALTER COLUMN body SET DEFAULT 'secret-gmbh'",
        "ANALYZE shared.docs",
        "CREATE INDEX docs_globes ON shared.docs (body) WHERE tenant_id <> 'globex'",
        "CREATE INDEX docs_word ON shared.docs (body) WHERE body <> 'globex'");

    assertThat(plan().refusals())
        .extracting(refusal -> refusal.object() + " " + refusal.reason())
        .anyMatch(text -> text.startsWith("shared.docs_others has a definition of index"))
        .anyMatch(text -> text.startsWith("shared.docs_globes has a definition of index"))
        .noneMatch(text -> text.startsWith("shared.docs_word "))
        .anyMatch(text -> text.startsWith("shared.docs has a comment"))
        .anyMatch(text -> text.startsWith("shared.docs has a default of column body"));

    lab.migrate();
    assertThat(leak().namedMismatches())
        .anyMatch(text -> text.contains("public.docs_others"))
        .anyMatch(text -> text.contains("comment names another tenant"));
  }

  /** What a platform writes for one customer of many. */
  @Test
  void functionsTypesRulesAndNamesOfPartsThatNameANeighbourAreRefusedToo() throws SQLException {
    lab.source.execute(
        "CREATE TABLE shared.tenants (tenant_id text PRIMARY KEY)",
        "INSERT INTO shared.tenants VALUES ('acme'), ('globex'), ('big-co')",
        "CREATE FUNCTION shared.price(t text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN"
            + " -- it's agreed\nIF t = 'big-co' THEN RETURN 5; END IF; RETURN 9; END $$",
        "CREATE FUNCTION shared.docs_of_one() RETURNS bigint LANGUAGE sql"
            + " BEGIN ATOMIC SELECT count(*) FROM shared.docs WHERE tenant_id = 'globex'; END",
        "CREATE FUNCTION shared.plain() RETURNS text LANGUAGE sql AS 'SELECT ''globex'''",
        "CREATE TYPE shared.customer AS ENUM ('acme', 'big-co')",
        "CREATE DOMAIN shared.known AS text DEFAULT 'big-co' CHECK (VALUE <> 'big-co')",
        "CREATE RULE keep AS ON DELETE TO shared.docs WHERE OLD.tenant_id = 'big-co'"
            + " DO INSTEAD NOTHING",
        "CREATE TABLE shared.extra (tenant_id text NOT NULL, big_co_rebate int,"
            + " CONSTRAINT big_co_only CHECK (big_co_rebate > 0))",
        "COMMENT ON COLUMN shared.extra.tenant_id IS 'not for big-co'",
        "CREATE POLICY big_co ON shared.extra USING (true)",
        "COMMENT ON POLICY big_co ON shared.extra IS 'see globex or big-co'");

    assertThat(plan().refusals())
        .filteredOn(refusal -> refusal.reason().contains("that names another tenant"))
        .extracting(
            refusal ->
                refusal.object()
                    + ": "
                    + refusal.reason().replaceAll("has a (.*) that names another tenant.*", "$1"))
        .containsExactlyInAnyOrder(
            "shared.price: body of function",
            "shared.docs_of_one: body of function",
            "shared.customer: label of enum",
            "shared.known: constraint known_check",
            "shared.known: default",
            "shared.docs: rule keep",
            "shared.extra: name of column",
            "shared.extra: name",
            "shared.extra: name",
            "shared.extra: comment",
            "shared.extra: comment");
  }

  @Test
  void aWordOfAnotherColumnIsNoNeighbourWhateverElseTheDefinitionHas() throws SQLException {
    lab.source.execute(
        "CREATE TABLE shared.tenants (tenant_id text PRIMARY KEY)",
        "INSERT INTO shared.tenants VALUES ('acme'), ('demo'), ('v2.0'), ('trial')",
        "CREATE TABLE shared.deals (id bigint PRIMARY KEY, tenant_id text NOT NULL,"
            + " stage varchar(9) DEFAULT 'demo', api text DEFAULT 'v2.0' CHECK (api IN ('v1.0', 'v2.0')))",
        "CREATE INDEX deals_1 ON shared.deals (tenant_id, id) WHERE stage = 'demo'",
        "CREATE INDEX deals_2 ON shared.deals (tenant_id) WHERE 'trial' = stage AND tenant_id <> ''",
        "CREATE INDEX deals_3 ON shared.deals (id) WHERE stage <> 'x' AND tenant_id IN ('x', 'demo')",
        "CREATE INDEX deals_4 ON shared.deals (id) WHERE 'trial' = tenant_id::varchar(9)",
        "CREATE INDEX deals_5 ON shared.deals ((CASE tenant_id WHEN 'trial' THEN 1 END))",
        "CREATE INDEX deals_6 ON shared.deals (id) WHERE starts_with(lower(tenant_id), 'demo')",
        "CREATE INDEX deals_7 ON shared.deals (id) WHERE lower(tenant_id) LIKE 'v2.0'");

    PlanFindings plan = plan();

    assertThat(plan.refusals())
        .extracting(Refusal::object)
        .containsExactlyInAnyOrder(
            lab.target.name(),
            "shared.deals_3",
            "shared.deals_4",
            "shared.deals_5",
            "shared.deals_6",
            "shared.deals_7");
    assertThat(plan.warnings())
        .filteredOn(warning -> warning.message().contains("also another tenant's key"))
        .extracting(warning -> warning.object())
        .containsExactlyInAnyOrder("shared.deals_1", "shared.deals_2");

    lab.source.execute(
        "DROP INDEX shared.deals_3, shared.deals_4, shared.deals_5, shared.deals_6, shared.deals_7");
    lab.migrate();
    assertThat(leak().namedMismatches()).isEmpty();
  }

  private PlanFindings plan() {
    return new PostgresPlanner(
            connections,
            new ClientPrograms(),
            new QuerySessions(connections, null),
            TestObjects.ALL)
        .plan(lab.context, ProgressMonitor.unmonitored());
  }

  private Finding rowContent() {
    return new TableComparison(connections, context -> lab.snapshot)
        .rowContents(lab.context, ProgressMonitor.unmonitored());
  }

  private Finding leak() {
    return new PostgresTenantLeak(connections)
        .findForeign(lab.context, ProgressMonitor.unmonitored());
  }
}
