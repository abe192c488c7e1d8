package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.activities.postgres.copy.ChunkPlanner;
import com.matih.tenantmigration.activities.postgres.plan.PostgresPlanner;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.restore.SnapshotRestorer;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large objects move with the rows that refer to them, and no other ones do. */
class LargeObjectsIT {

  private static final String DIGESTS =
      "SELECT oid || ' ' || length(lo_get(oid)) || ' ' || md5(lo_get(oid)) FROM"
          + " pg_largeobject_metadata WHERE oid IN (%s) ORDER BY oid";

  private static final PostgresConnections CONNECTIONS =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());

  @TempDir Path folder;
  private CopyLab lab;

  @BeforeEach
  void prepare() throws SQLException {
    lab = CopyLab.rows(folder, "shared", List.of(), List.of(), List.of());
    lab.source.execute(
        "CREATE EXTENSION lo",
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.documents (id int PRIMARY KEY, tenant_id text NOT NULL, content oid)",
        "CREATE TABLE shared.pictures (id int PRIMARY KEY, tenant_id text NOT NULL, raster lo)",
        "CREATE TRIGGER manage BEFORE UPDATE OR DELETE ON shared.pictures FOR EACH ROW EXECUTE"
            + " FUNCTION lo_manage(raster)",
        // 1 larger than a piece, 2 empty, 3 with a hole, 4 a neighbour's, 5 nobody's
        "SELECT lo_from_bytea(100001, convert_to(repeat('grün und blau ', 250000), 'UTF8'))",
        "SELECT lo_create(100002)",
        "SELECT lo_from_bytea(100003, 'begin'), lo_put(100003, 100000, 'end')",
        "SELECT lo_from_bytea(100004, 'globex'), lo_from_bytea(100005, 'nobody')",
        "INSERT INTO shared.documents VALUES (1, 'acme', 100001), (2, 'acme', 100002),"
            + " (3, 'acme', NULL), (4, 'globex', 100004), (5, 'acme', 0)",
        "INSERT INTO shared.pictures VALUES (1, 'acme', 100003), (2, 'acme', 100001),"
            + " (3, 'globex', 100004)");
  }

  @AfterEach
  void close() throws SQLException {
    lab.close();
  }

  @Test
  void theTenantsLargeObjectsMoveUnderTheirNumbersAndNoOtherOnes() throws SQLException {
    lab.migrate();

    assertThat(objects(lab.target)).isEqualTo(tenantsObjects());
    assertThat(lab.target.query("SELECT count(*) FROM pg_largeobject_metadata"))
        .containsExactly("3");
    Finding finding = rowContents();
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(3 + 4 + 2);
    // the trigger of the type lo works
    lab.target.execute("DELETE FROM public.pictures WHERE id = 1");
    assertThat(lab.target.query(DIGESTS.formatted("100003"))).isEmpty();
  }

  @Test
  void anObjectThatDiffersIsMissingOrTooMuchFailsTheComparison() throws SQLException {
    lab.migrate();
    lab.source.execute("SELECT lo_put(100001, 2000000, 'later')");
    lab.target.execute("SELECT lo_unlink(100002)", "SELECT lo_from_bytea(100009, 'whose?')");

    assertThat(rowContents().namedMismatches())
        .containsExactlyInAnyOrder(
            "large object 100001 differs",
            "large object 100002 exists on one side only",
            "large object 100009 is on the dedicated side, where no row refers to it");
  }

  @Test
  void aSecondAttemptCopiesOnlyWhatHasNotArrived() throws SQLException {
    // fewer rows than objects, so that a number of these tells when to stop
    lab.source.execute(
        "CREATE TABLE shared.pairs (id int PRIMARY KEY, tenant_id text NOT NULL, a oid, b oid)",
        "INSERT INTO shared.pairs SELECT i, 'acme', lo_from_bytea((200000 + i)::oid,"
            + " convert_to('object ' || i, 'UTF8')), lo_from_bytea((300000 + i)::oid,"
            + " convert_to('other ' || i, 'UTF8')) FROM generate_series(1, 500) i");
    lab.takeSnapshot();
    lab.createSchema();
    CancellableMonitor first = CancellableMonitor.cancellingAfter(600);
    assertThatThrownBy(() -> lab.copyRows(ChunkPlanner.RANGE_BYTES, first))
        .isInstanceOf(MigrationException.class);
    String before = arrived();

    lab.copyRows();

    assertThat(Long.parseLong(before)).isBetween(1L, 1002L);
    assertThat(arrived()).isEqualTo("1003");
    assertThat(lab.target.query("SELECT count(DISTINCT epoch) FROM tenant_migration.large_object"))
        .containsExactly("2");
    lab.finish();
    lab.seal();
    assertThat(rowContents().namedMismatches()).isEmpty();
  }

  @Test
  void aRestoredSnapshotHasTheLargeObjects() throws SQLException {
    lab.migrate();
    PostgresServer server = TestServers.dedicatedPostgres();
    try (TestDatabase restored = TestDatabase.create(server)) {
      new SnapshotRestorer(new ClientPrograms(), 2)
          .restore(
              lab.snapshot,
              server.jdbcUrl(restored.name()),
              server.user(),
              server.password(),
              ProgressMonitor.unmonitored());

      assertThat(objects(restored)).isEqualTo(tenantsObjects());
    }
  }

  @Test
  void thePlanTellsWhatIsALargeObjectAndWhatStays() throws SQLException {
    lab.source.execute(
        "CREATE TABLE shared.notes (id int PRIMARY KEY, tenant_id text NOT NULL, about oid)",
        "INSERT INTO shared.notes VALUES (1, 'acme', 'pg_class'::regclass)",
        "CREATE TABLE shared.mixed (id int PRIMARY KEY, tenant_id text NOT NULL, body oid)",
        "INSERT INTO shared.mixed VALUES (1, 'acme', 100001), (2, 'acme', 100077)",
        "INSERT INTO shared.pictures VALUES (9, 'acme', 100078)");

    PlanFindings plan =
        new PostgresPlanner(
                CONNECTIONS,
                new ClientPrograms(),
                new QuerySessions(CONNECTIONS, null),
                TestObjects.ALL)
            .plan(lab.context, ProgressMonitor.unmonitored());

    assertThat(plan.refusals())
        .extracting(refusal -> refusal.object() + " " + refusal.reason())
        .anyMatch(
            text ->
                text.startsWith("shared.notes.about is of type oid and refers to other objects")
                    && text.contains("never to a large object (values: 1)"))
        .anyMatch(
            text ->
                text.startsWith("shared.mixed.body is of type oid, and in the tenant's rows")
                    && text.contains("large objects (1) and other numbers (1)"))
        .noneMatch(text -> text.contains("pictures") || text.contains("documents"));
    assertThat(plan.warnings())
        .anyMatch(
            warning ->
                warning.object().equals("shared.pictures.raster")
                    && warning.message().contains("refers to 1 large object that the database"));
    assertThat(plan.leftBehind())
        .anyMatch(left -> left.object().equals("large objects") && left.count() == 1);
  }

  private List<String> tenantsObjects() throws SQLException {
    return lab.source.query(DIGESTS.formatted("100001, 100002, 100003"));
  }

  private static List<String> objects(TestDatabase database) throws SQLException {
    return database.query(DIGESTS.formatted("SELECT oid FROM pg_largeobject_metadata"));
  }

  private String arrived() throws SQLException {
    return lab.target
        .query("SELECT count(*) FROM tenant_migration.large_object WHERE epoch IS NOT NULL")
        .get(0);
  }

  private Finding rowContents() {
    return new TableComparison(CONNECTIONS, nowhere -> lab.snapshot)
        .rowContents(lab.context, ProgressMonitor.unmonitored());
  }
}
