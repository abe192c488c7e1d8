package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ObjectPresence;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.DedicatedReferences;
import com.matih.tenantmigration.activities.postgres.compare.PostgresTenantLeak;
import com.matih.tenantmigration.activities.postgres.compare.QueryComparison;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.activities.verification.Check;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.PostgresSpec.StorageReference;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each check passes over a true copy, and finds by name the fault that is planted for it. */
class PostgresChecksIT {

  /** The rows of queries, runs, log, artifacts, plans, regions, docs and pages that move. */
  private static final long ROWS = 3000 + 50 + 3 + 3 + 2 + 2 + 1 + 2;

  private static final String BUCKET = "s3://acme-bucket/";

  private final PostgresConnections connections =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());
  private final ObjectPresence objects =
      (context, side, keys) ->
          keys.stream()
              .filter(key -> key.startsWith("gone") || key.endsWith("never/was"))
              .collect(Collectors.toSet());
  private CopyLab lab;
  private TableComparison tables;

  @BeforeEach
  void copyTenant(@TempDir Path folder) throws SQLException {
    lab =
        CopyLab.rows(
            folder,
            "shared",
            List.of("plans", "regions"),
            List.of(),
            List.of(new StorageReference("artifacts", "uri")));
    lab.source.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.plans (id int, name text, PRIMARY KEY (id))"
            + " PARTITION BY RANGE (id)",
        "CREATE TABLE shared.plans_low PARTITION OF shared.plans FOR VALUES FROM (0) TO (2)",
        "CREATE TABLE shared.plans_high PARTITION OF shared.plans FOR VALUES FROM (2) TO (100)",
        "INSERT INTO shared.plans VALUES (1, 'free'), (2, 'enterprise')",
        "CREATE TABLE shared.regions (id int PRIMARY KEY, name text)",
        "INSERT INTO shared.regions VALUES (1, 'eu'), (2, 'us')",
        "CREATE EXTENSION citext SCHEMA shared",
        "CREATE TABLE shared.docs (name shared.citext PRIMARY KEY, tenant_id text)",
        "CREATE TABLE shared.pages (doc shared.citext NOT NULL REFERENCES shared.docs)",
        "INSERT INTO shared.docs VALUES ('abc', 'acme'), ('xyz', 'globex')",
        "INSERT INTO shared.pages VALUES ('Abc'), ('abc'), ('XYZ')",
        "CREATE TABLE shared.queries (tenant_id text NOT NULL, id int, \"Body \"\"odd\" text,"
            + " at timestamptz DEFAULT now(), cost float8,"
            + " cents int GENERATED ALWAYS AS ((cost * 100)::int) STORED,"
            + " PRIMARY KEY (tenant_id, id))",
        "INSERT INTO shared.queries SELECT t, i, 'b' || i || '\uD83D\uDE00', now(), i / 7.0"
            + " FROM generate_series(1, 3000) i, (VALUES ('acme'), ('globex')) v(t)",
        "CREATE TABLE shared.runs (id serial PRIMARY KEY, tenant text NOT NULL, query int NOT NULL,"
            + " FOREIGN KEY (tenant, query) REFERENCES shared.queries (tenant_id, id))",
        "INSERT INTO shared.runs (tenant, query)"
            + " SELECT t, i FROM generate_series(1, 50) i, (VALUES ('acme'), ('globex')) v(t)",
        "CREATE TABLE shared.log (tenant_id text, line text)",
        "INSERT INTO shared.log VALUES ('acme', 'x'), ('acme', 'x'), ('acme', NULL), ('globex',"
            + " 'y')",
        "CREATE TABLE shared.artifacts (id int PRIMARY KEY, tenant_id text, uri text)",
        "INSERT INTO shared.artifacts"
            + " VALUES (1, 'acme', 's3://shared-bucket/tenants/acme/a'),"
            + " (2, 'acme', 'https://elsewhere/b'), (3, 'acme', NULL),"
            + " (4, 'globex', 's3://shared-bucket/tenants/globex/a')");
    lab.migrate();
    tables = new TableComparison(connections, context -> lab.snapshot);
  }

  @AfterEach
  void dropDatabases() throws SQLException {
    lab.close();
  }

  @Test
  void aTrueCopyPassesEveryCheck() {
    assertPassed(rowCount(), 8);
    assertPassed(primaryKeys(), ROWS);
    assertPassed(rowContent(), ROWS);
    assertPassed(leak(), ROWS);
    assertPassed(references(), 1);
    assertPassed(
        queries(
            "SELECT count(*), max(\"Body \"\"odd\") FROM {schema}.queries WHERE {tenant}",
            "SELECT id, cost FROM {schema}.queries WHERE {tenant} ORDER BY id"),
        2);
  }

  @Test
  void aMissingAndAnAddedRowAreNamed() throws SQLException {
    lab.target.execute(
        "DELETE FROM public.queries WHERE id = 2999", "INSERT INTO public.plans VALUES (3, 'new')");

    assertThat(rowCount().namedMismatches())
        .anyMatch(text -> text.contains("public.queries") && text.contains("2,999 rows"))
        .anyMatch(text -> text.contains("public.plans"));
    assertThat(primaryKeys().namedMismatches())
        .anyMatch(text -> text.contains("public.queries") && text.contains("2999"))
        .anyMatch(text -> text.contains("public.plans") && text.contains("3"));
    assertThat(rowContent().mismatchCount()).isEqualTo(2);
  }

  @Test
  void aLostRowFailsAllThreeAWrongKeyTwoAndAWrongValueOne() throws SQLException {
    lab.target.execute("DELETE FROM public.log WHERE line IS NULL");
    assertThat(failed()).isEqualTo(CheckName.OF_ROWS);

    lab.target.execute("INSERT INTO public.log VALUES ('acme', NULL)");
    assertThat(failed()).isEmpty();

    lab.target.execute("UPDATE public.runs SET id = 5000 WHERE query = 7");
    assertThat(failed())
        .containsExactlyInAnyOrder(CheckName.PRIMARY_KEY_CHECKSUM, CheckName.ROW_CONTENT);

    lab.target.execute(
        "UPDATE public.runs SET id = %s WHERE query = 7"
            .formatted(
                lab.source
                    .query("SELECT id FROM shared.runs WHERE tenant = 'acme' AND query = 7")
                    .get(0)),
        "UPDATE public.queries SET cost = 0 WHERE id = 5");
    assertThat(failed()).containsExactly(CheckName.ROW_CONTENT);
  }

  /** The checks of the pass over the rows that do not pass. */
  private Set<CheckName> failed() {
    Map<CheckName, Finding> findings = tables.rows(lab.context, ProgressMonitor.unmonitored());
    return findings.keySet().stream()
        .filter(check -> findings.get(check).mismatchCount() > 0)
        .collect(Collectors.toSet());
  }

  @Test
  void aChangedValueIsNamedByTableKeyAndColumn() throws SQLException {
    lab.target.execute(
        "UPDATE public.queries SET \"Body \"\"odd\" = 'changed' WHERE id = 17",
        "UPDATE public.queries SET cost = cost + 1e-12 WHERE id = 18",
        "UPDATE public.log SET line = 'z' WHERE line = 'x'");

    assertThat(rowCount().mismatchCount()).isZero();
    List<String> named = rowContent().namedMismatches();
    assertThat(named)
        .anyMatch(
            text ->
                text.contains("public.queries")
                    && text.contains("17")
                    && text.contains("Body \"odd")
                    && !text.contains("changed"))
        .anyMatch(text -> text.contains("18") && text.contains("cost"))
        .anyMatch(text -> text.contains("public.log"));
  }

  @Test
  void aGeneratedValueThatDiffersIsNamed() throws SQLException {
    lab.target.execute(
        "ALTER TABLE public.queries ALTER COLUMN cents DROP EXPRESSION",
        "UPDATE public.queries SET cents = cents + 1 WHERE id = 19");

    assertThat(rowContent().namedMismatches())
        .singleElement()
        .asString()
        .contains("public.queries", "19", "cents");
  }

  /** It is shared by all tenants and cannot be fenced for one. */
  @Test
  void aReferenceTableThatChangesAfterTheCopyIsNotedAndDoesNotFail() throws SQLException {
    lab.source.execute(
        "UPDATE shared.plans SET name = 'premium' WHERE id = 2",
        "DELETE FROM shared.plans WHERE id = 1",
        "INSERT INTO shared.plans VALUES (3, 'new')");

    assertPassed(rowCount(), 8);
    for (Finding finding : List.of(primaryKeys(), rowContent())) {
      assertPassed(finding, ROWS);
      assertThat(finding.notes())
          .singleElement()
          .asString()
          .contains("shared.plans", "changed at its source after it was copied");
    }
  }

  @Test
  void anUnpartitionedReferenceTableThatChangesAfterTheCopyIsNotedAndDoesNotFail()
      throws SQLException {
    lab.source.execute("UPDATE shared.regions SET name = 'europe' WHERE id = 1");
    lab.source.execute("INSERT INTO shared.regions VALUES (3, 'asia')");

    for (Finding finding : List.of(rowCount(), primaryKeys(), rowContent())) {
      assertThat(finding.namedMismatches()).isEmpty();
      assertThat(finding.notes())
          .singleElement()
          .asString()
          .contains("shared.regions", "changed at its source after it was copied");
    }
  }

  @Test
  void aReferenceTableThatLostItsRowsFailsWhateverItsSourceBecame() throws SQLException {
    lab.source.execute("INSERT INTO shared.regions VALUES (3, 'asia')");
    lab.target.execute("TRUNCATE public.regions");

    for (Finding finding : List.of(rowCount(), primaryKeys(), rowContent())) {
      assertThat(finding.namedMismatches()).anyMatch(text -> text.contains("public.regions"));
      assertThat(finding.notes()).isEmpty();
    }
  }

  /** What was copied of it cannot be told then, and nothing is believed. */
  @Test
  void aReferenceTableThatTheSnapshotDoesNotHoldFailsTheCheck() throws SQLException {
    lab.source.execute("INSERT INTO shared.regions VALUES (3, 'asia')");
    SnapshotManifest sealed = SnapshotManifest.read(lab.snapshot);
    new SnapshotManifest(
            sealed.formatVersion(),
            sealed.tenant(),
            sealed.migrationId(),
            sealed.pointInTime(),
            sealed.sourceSchema(),
            sealed.isolation(),
            sealed.tables().stream().filter(table -> !table.table().equals("regions")).toList(),
            sealed.largeObjects(),
            List.of())
        .write(lab.snapshot);

    assertThatThrownBy(this::rowContent)
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.CONTENT_MISMATCH))
        .hasMessageContaining("regions");
  }

  @Test
  void aReferenceTableThatIsNotWhatWasCopiedFailsWhateverItsSourceBecame() throws SQLException {
    lab.source.execute("INSERT INTO shared.plans VALUES (3, 'new')");
    lab.target.execute("UPDATE public.plans SET name = 'cheap' WHERE id = 2");

    Finding content = rowContent();

    assertThat(content.namedMismatches())
        .singleElement()
        .asString()
        .contains("public.plans", "2", "name");
    assertThat(content.notes()).isEmpty();
  }

  @Test
  void aTableOnOneSideAloneIsNamed() throws SQLException {
    lab.target.execute("DROP TABLE public.log", "CREATE TABLE public.surplus (id int)");

    assertThat(rowCount().namedMismatches())
        .anyMatch(text -> text.contains("public.log"))
        .anyMatch(text -> text.contains("public.surplus"));
    assertThat(leak().namedMismatches()).anyMatch(text -> text.contains("public.surplus"));
  }

  @Test
  void rowsThatAreNotTheTenantsAreNamed() throws SQLException {
    lab.target.execute(
        "INSERT INTO public.queries VALUES ('globex', 90001, 'x')",
        "INSERT INTO public.runs VALUES (70001, 'globex', 90001)",
        "INSERT INTO public.log VALUES (NULL, 'nobody')",
        "CREATE SCHEMA other",
        "CREATE TABLE other.things (id int)");

    Finding leak = leak();
    assertThat(leak.mismatchCount()).isEqualTo(4);
    assertThat(leak.namedMismatches())
        .anyMatch(text -> text.contains("public.queries") && text.contains("90001"))
        .anyMatch(text -> text.contains("public.runs") && text.contains("70001"))
        .anyMatch(text -> text.contains("public.log") && text.contains("nobody"))
        .anyMatch(text -> text.contains("other.things"));
  }

  @Test
  void aReferenceThatPointsBackOrAtNothingIsNamed() throws SQLException {
    lab.target.execute(
        "UPDATE public.artifacts SET uri = 's3://shared-bucket/tenants/acme/back' WHERE id = 2",
        "UPDATE public.artifacts SET uri = '%sgone/x' WHERE id = 3".formatted(BUCKET));

    assertThat(references().namedMismatches())
        .hasSize(2)
        .anyMatch(text -> text.contains("tenants/acme/back"))
        .anyMatch(text -> text.contains("gone/x"));
  }

  @Test
  void aReferenceThatDangledBeforeIsNotedAndDoesNotFail() throws SQLException {
    lab.target.execute(
        "UPDATE public.artifacts SET uri = '%snever/was' WHERE id = 3".formatted(BUCKET));

    assertThat(references().mismatchCount()).isZero();
    assertThat(references().notes())
        .singleElement()
        .asString()
        .contains(
            "public.artifacts.uri has 1 reference to objects that do not exist on the shared side"
                + " either, such as never/was");
  }

  @Test
  void aQueryThatAnswersDifferentlyOrFailsIsNamedAndTheOthersAreStillAsked() throws SQLException {
    lab.target.execute("UPDATE public.queries SET cost = 0 WHERE id = 5");

    Finding finding =
        queries(
            "SELECT no_such_column FROM {schema}.queries WHERE {tenant}",
            "SELECT sum(cost) FROM {schema}.queries WHERE {tenant}",
            "DELETE FROM {schema}.queries WHERE {tenant} RETURNING id",
            "SELECT count(*) FROM {schema}.queries WHERE {tenant}");

    assertThat(finding.comparedCount()).isEqualTo(4);
    assertThat(finding.namedMismatches())
        .hasSize(3)
        .anyMatch(text -> text.contains("no_such_column"))
        .anyMatch(
            text ->
                text.contains("sum(cost)")
                    && text.matches(
                        ".*row 1 of the answer differs: sum is '[0-9.]+' on the shared side,"
                            + " '[0-9.]+' on the dedicated side"))
        .anyMatch(text -> text.contains("it is refused: it is a command, not a query"));
    assertThat(lab.target.query("SELECT count(*) FROM public.queries")).containsExactly("3000");
  }

  private Finding rowCount() {
    return ofRows(CheckName.ROW_COUNT, tables::rowCounts);
  }

  private Finding primaryKeys() {
    return ofRows(CheckName.PRIMARY_KEY_CHECKSUM, tables::primaryKeys);
  }

  private Finding rowContent() {
    return ofRows(CheckName.ROW_CONTENT, tables::rowContents);
  }

  /** What a check finds in the pass over the rows, which is what it finds by itself. */
  private Finding ofRows(CheckName check, Check byItself) {
    Finding finding = tables.rows(lab.context, ProgressMonitor.unmonitored()).get(check);
    assertThat(finding.toResult(check))
        .isEqualTo(byItself.run(lab.context, ProgressMonitor.unmonitored()).toResult(check));
    return finding;
  }

  private Finding leak() {
    return new PostgresTenantLeak(connections)
        .findForeign(lab.context, ProgressMonitor.unmonitored());
  }

  private Finding references() {
    return new DedicatedReferences(connections, TestJournal.shared(), objects)
        .follow(lab.context, ProgressMonitor.unmonitored());
  }

  private Finding queries(String... queries) {
    MigrationContext context =
        TestRequests.context(
            lab.context.migrationId(),
            TestRequests.request(
                "acme", lab.spec(), lab.context.request().objectStorage(), List.of(queries)));
    return new QueryComparison(new QuerySessions(connections, null))
        .compare(context, ProgressMonitor.unmonitored());
  }

  private static void assertPassed(Finding finding, long compared) {
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(compared);
  }
}
