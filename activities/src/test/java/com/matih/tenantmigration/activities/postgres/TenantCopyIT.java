package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One tenant's rows of a shared schema that holds one of everything, moved once for all tests. */
class TenantCopyIT {

  @TempDir static Path folder;
  private static CopyLab lab;
  private static StoresSummary.Postgres summary;

  @BeforeAll
  static void migrate() throws SQLException {
    lab =
        CopyLab.rows(folder, RichSchema.NAME, List.of("plans"), List.of("left_behind"), List.of());
    RichSchema.create(lab.source, RichSchema.NAME);
    summary = lab.migrate();
  }

  @AfterAll
  static void close() throws SQLException {
    lab.close();
  }

  @Test
  void everyTableHoldsExactlyTheTenantsRows() throws SQLException {
    for (String table : RichSchema.TABLES) {
      assertThat(CopyLab.rows(lab.target, new TableName("public", table), "true"))
          .as(table)
          .isEqualTo(lab.sourceRows(table));
    }
  }

  @Test
  void theSummaryNamesTheTablesAsTheyAreOnTheTarget() {
    assertThat(summary.tables())
        .extracting(StoresSummary.Table::table, StoresSummary.Table::rows)
        .contains(
            tuple("public.workspaces", 20L),
            tuple("public.runs", 400L),
            tuple("public.events", 300L),
            tuple("public.plans", 2L),
            tuple("public.no_rows", 0L))
        .hasSize(RichSchema.TABLES.length);
    assertThat(summary.tables())
        .filteredOn(table -> table.rows() > 0)
        .allMatch(table -> table.bytes() > 0);
  }

  @Test
  void constraintsIndexesAndStatisticsStandOnTheTarget() throws SQLException {
    String constraints =
        "SELECT c.relname || ' ' || conname || ' ' || contype::text || ' ' || convalidated"
            + " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
            + " WHERE k.connamespace = '%s'::regnamespace AND c.relname <> 'left_behind'"
            + " ORDER BY 1";
    String indexes =
        "SELECT tablename || ' ' || indexname FROM pg_indexes WHERE schemaname = '%s'"
            + " AND tablename <> 'left_behind' ORDER BY 1";

    assertThat(inTarget(constraints)).isEqualTo(inSource(constraints)).hasSizeGreaterThan(10);
    assertThat(lab.target.query(indexes.formatted("public")))
        .isEqualTo(lab.source.query(indexes.formatted(RichSchema.NAME)))
        .hasSizeGreaterThan(8);
    assertThatThrownBy(
            () -> lab.target.execute("INSERT INTO runs (workspace_id, state) VALUES (-1, 'x')"))
        .hasMessageContaining("runs_workspace_id_fkey");
    assertThat(
            lab.target.query(
                "SELECT stxname FROM pg_statistic_ext WHERE stxnamespace = 'public'::regnamespace"))
        .containsExactly("run_stats");
    assertThat(
            lab.target.query(
                "SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'"
                    + " AND last_analyze IS NULL"))
        .isEmpty();
    assertThat(
            lab.target.query(
                "SELECT DISTINCT tablename FROM pg_stats s JOIN pg_class c"
                    + " ON c.oid = format('%I.%I', s.schemaname, s.tablename)::regclass"
                    + " WHERE schemaname = 'public' AND c.relkind = 'p' AND s.inherited"))
        .isNotEmpty();
  }

  @Test
  void triggersArriveAndDidNotFireWhileRowsWereLoaded() throws SQLException {
    assertThat(
            lab.target.query(
                "SELECT tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"))
        .containsExactly("tamperO");
    assertThat(lab.target.query("SELECT count(*) FROM workspaces WHERE name = 'tampered'"))
        .containsExactly("0");
  }

  @Test
  void nothingOfTheFenceTravels() throws SQLException {
    assertThat(
            lab.target.query(
                "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'tenant_migration_fence%'"))
        .isEmpty();
    assertThat(lab.target.query("SELECT 1 FROM pg_trigger WHERE tgname LIKE '~~~%'")).isEmpty();
  }

  @Test
  void tablesThatStayBehindLeaveNothingOnTheTarget() throws SQLException {
    assertThat(lab.target.query("SELECT 1 FROM pg_class WHERE relname LIKE 'left_behind%'"))
        .isEmpty();
  }

  @Test
  void viewsShowTheTenantsRowsAlone() throws SQLException {
    assertThat(lab.target.query("SELECT sum(runs) FROM workspace_runs")).containsExactly("400");
    assertThat(lab.target.query("SELECT n FROM run_count")).containsExactly("400");
    assertThat(lab.target.query("SELECT n FROM run_count_doubled")).containsExactly("800");
  }

  @Test
  void sequencesGoOnWhereTheSharedOnesStood() throws SQLException {
    String state =
        "SELECT sequencename || ' ' || coalesce(last_value::text, 'fresh') FROM pg_sequences"
            + " WHERE schemaname = '%s' AND sequencename NOT LIKE 'left%%' ORDER BY 1";

    assertThat(lab.target.query(state.formatted("public")))
        .isEqualTo(lab.source.query(state.formatted(RichSchema.NAME)))
        .contains("standalone 1290", "workspaces_id_seq 30", "all_types_id_seq 101")
        .hasSize(5);
    assertThat(lab.target.query("SELECT nextval('standalone')")).containsExactly("1300");
  }

  @Test
  void extensionsPoliciesAndCommentsArrive() throws SQLException {
    assertThat(
            lab.target.query(
                "SELECT extname || ' ' || extnamespace::regnamespace FROM pg_extension"
                    + " WHERE extname <> 'plpgsql' ORDER BY 1"))
        .containsExactly("citext public", "hstore public");
    assertThat(lab.target.query("SELECT policyname FROM pg_policies")).containsExactly("own");
    assertThat(
            lab.target.query(
                "SELECT relrowsecurity FROM pg_class WHERE oid = 'all_types'::regclass"))
        .containsExactly("t");
    assertThat(lab.target.query("SELECT obj_description('public'::regnamespace)"))
        .containsExactly("what tenants share");
  }

  @Test
  void everybodyWhoCouldUseTheSchemaPublicStillCan() throws SQLException {
    assertThat(lab.target.query("SELECT has_schema_privilege('public', 'public', 'USAGE')"))
        .containsExactly("t");
    assertThat(
            lab.target.query(
                "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'public'"))
        .containsExactly("pg_database_owner");
    assertThat(
            lab.target.query(
                "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'"
                    + " AND nspname <> 'information_schema' ORDER BY 1"))
        .containsExactly("public", "tenant_migration");
  }

  @Test
  void aSecondFinishChangesNothing() throws SQLException {
    lab.finish();

    everyTableHoldsExactlyTheTenantsRows();
  }

  @Test
  void loadersReadTheDedicatedDatabaseAndCannotWrite() {
    List<Map<String, String>> rows = new ArrayList<>();
    lab.dedicatedRows()
        .read(
            lab.context,
            "SELECT id, name, plan FROM workspaces ORDER BY id LIMIT 2",
            ProgressMonitor.unmonitored(),
            row -> {
              Map<String, String> texts = new HashMap<>();
              row.forEach((column, value) -> texts.put(column, value.text()));
              rows.add(texts);
            });

    assertThat(rows)
        .containsExactly(
            Map.of("id", "1", "name", "workspace 1"),
            Map.of("id", "2", "name", "workspace 2", "plan", "free"));
    assertThatThrownBy(
            () ->
                lab.dedicatedRows()
                    .read(
                        lab.context,
                        "DELETE FROM runs RETURNING id",
                        ProgressMonitor.unmonitored(),
                        row -> {}))
        .hasMessageContaining("it is a command, not a query");
  }

  @Test
  void loadersGetAByteaAsTheBytesThatItHolds() {
    List<byte[]> values = new ArrayList<>();
    lab.dedicatedRows()
        .read(
            lab.context,
            "SELECT '\\x00ff5c78'::bytea AS some, ''::bytea AS none, '\\x00'::text AS text",
            ProgressMonitor.unmonitored(),
            row -> {
              assertThat(row.values().stream().map(DedicatedRows.Value::isBinary))
                  .containsExactly(true, true, false);
              row.values().forEach(value -> values.add(value.bytes()));
            });

    assertThat(values)
        .containsExactly(
            new byte[] {0, -1, '\\', 'x'}, new byte[0], new byte[] {'\\', 'x', '0', '0'});
  }

  /** The tenant is read-only meanwhile, so what cannot heal is not tried again. */
  @Test
  void aLoaderWithAMistypedColumnFailsForGood() {
    assertThatThrownBy(
            () ->
                lab.dedicatedRows()
                    .read(
                        lab.context,
                        "SELECT nme FROM workspaces",
                        ProgressMonitor.unmonitored(),
                        row -> {}))
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.type().retryable()).isFalse())
        .hasMessageContaining("SELECT nme FROM workspaces");
  }

  private static List<String> inTarget(String sql) throws SQLException {
    return lab.target.query(sql.formatted("public"));
  }

  private static List<String> inSource(String sql) throws SQLException {
    return lab.source.query(sql.formatted(Identifiers.quote(RichSchema.NAME)));
  }
}
