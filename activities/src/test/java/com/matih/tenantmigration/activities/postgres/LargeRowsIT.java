package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ObjectPresence.Side;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.DedicatedReferences;
import com.matih.tenantmigration.activities.postgres.compare.PostgresTenantLeak;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.StorageReference;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Checks tables whose rows are large through a driver that counts what it has in memory and gives
 * up above a bound, instead of in a worker that dies of it.
 */
class LargeRowsIT {

  /** 400 rows of 300 kB: 120 MB on each side. */
  private static final String ROWS =
      "INSERT INTO %s.%s SELECT 'acme', repeat(md5(i::text), 10000) FROM generate_series(1, 400) i";

  private static final String BOUND = "?maxResultBuffer=8M";

  private static TestDatabase source;
  private static TestDatabase target;
  private static MigrationContext context;

  private final PostgresConnections connections =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());
  private final ProgressMonitor monitor = ProgressMonitor.unmonitored();

  @BeforeAll
  static void createRows() throws SQLException {
    source = TestDatabase.create(TestServers.postgres());
    target = TestDatabase.create(TestServers.dedicatedPostgres());
    source.execute("CREATE SCHEMA shared");
    createRows(source, "shared", "shared-bucket");
    createRows(target, "public", "acme-bucket");
    // the same beginning, another end
    target.execute(
        "UPDATE public.keyless SET body = left(body, 300000) || 'changed'"
            + " WHERE body = repeat(md5('7'), 10000)",
        "UPDATE public.keyed SET body = left(body, 300000) || 'changed' WHERE id = 9",
        "UPDATE public.wide_key SET body = 'changed' WHERE id = repeat('k', 2000) || 11");
    context =
        TestRequests.context(
            TestJournal.newMigrationId(),
            TestRequests.request(
                "acme",
                PostgresSpecBuilder.rows(bounded(source.spec()), bounded(target.spec()))
                    .storageReferences(List.of(new StorageReference("refs", "uri")))
                    .build(),
                new ObjectStorageSpec(
                    new ObjectStorageSpec.Location(null, "r", "shared-bucket", "a/", null, null),
                    new ObjectStorageSpec.Location(null, "r", "acme-bucket", "", null, null),
                    1),
                List.of()));
  }

  private static void createRows(TestDatabase database, String schema, String bucket)
      throws SQLException {
    String prefix = bucket.equals("shared-bucket") ? "a/" : "";
    database.execute(
        "CREATE TABLE %s.keyless (tenant_id text, body text)".formatted(schema),
        ROWS.formatted(schema, "keyless"),
        "CREATE TABLE %s.keyed (id int PRIMARY KEY, tenant_id text, body text)".formatted(schema),
        "INSERT INTO %s.keyed SELECT i, 'acme', repeat(md5(i::text), 10000)".formatted(schema)
            + " FROM generate_series(1, 20) i",
        "CREATE TABLE %s.wide_key (id text PRIMARY KEY, tenant_id text, body text)"
            .formatted(schema),
        "INSERT INTO %s.wide_key SELECT repeat('k', 2000) || i, 'acme', 'b'".formatted(schema)
            + " FROM generate_series(1, 20) i",
        "CREATE TABLE %s.refs (id int PRIMARY KEY, tenant_id text, uri text)".formatted(schema),
        "INSERT INTO %s.refs SELECT i, 'acme', 's3://%s/%s' || repeat('x', 300000)"
                .formatted(schema, bucket, prefix)
            + " FROM generate_series(1, 100) i");
  }

  private static PostgresSpec.Database bounded(PostgresSpec.Database database) {
    return new PostgresSpec.Database(database.url() + BOUND, database.user(), database.password());
  }

  @AfterAll
  static void dropDatabases() throws SQLException {
    source.close();
    target.close();
  }

  @Test
  void rowsAreComparedInBoundedMemoryAndADifferenceBehindTheBeginningIsFound() {
    TableComparison tables =
        new TableComparison(
            connections,
            nowhere -> {
              throw new IllegalStateException("no reference table here");
            });

    Finding content = tables.rowContents(context, monitor);

    assertThat(content.namedMismatches())
        .allSatisfy(text -> assertThat(text.length()).isLessThan(2_000))
        .anyMatch(text -> text.contains("public.keyless") && text.contains("is missing"))
        .anyMatch(text -> text.contains("public.keyless") && text.contains("has no source"))
        .anyMatch(text -> text.contains("public.keyed: row '9' differs in body"))
        .anyMatch(text -> text.contains("public.wide_key") && text.contains("differs in body"))
        .hasSize(4);
    assertThat(content.comparedCount()).isEqualTo(401 + 20 + 20 + 100);
    assertThat(tables.primaryKeys(context, monitor).namedMismatches()).hasSize(2);
  }

  @Test
  void foreignRowsAreNamedByTheirBeginning() throws SQLException {
    target.execute("UPDATE public.keyless SET tenant_id = 'globex'");
    try {
      Finding leak = new PostgresTenantLeak(connections).findForeign(context, monitor);

      assertThat(leak.namedMismatches())
          .isNotEmpty()
          .allSatisfy(text -> assertThat(text.length()).isLessThan(2_000));
    } finally {
      target.execute("UPDATE public.keyless SET tenant_id = 'acme'");
    }
  }

  @Test
  void referencesThatCannotBeAnyObjectsAreReadInBoundedMemory() {
    Finding references =
        new DedicatedReferences(
                connections,
                TestJournal.shared(),
                (migration, side, keys) -> side == Side.DEDICATED ? Set.copyOf(keys) : Set.of())
            .follow(context, monitor);

    assertThat(references.comparedCount()).isEqualTo(100);
    assertThat(references.mismatchCount()).isPositive();
  }
}
