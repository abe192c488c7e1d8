package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ObjectPresence.Side;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.DedicatedReferences;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.activities.postgres.plan.PostgresPlanner;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.StorageReference;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** References as real tables have them: in several spellings, in documents and arrays. */
class ReferencesOfAllKindsIT {

  private static final PostgresConnections CONNECTIONS =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());
  private static final String SHARED = "s3://shared-bucket/tenants/acme";

  private CopyLab lab;
  private final Set<String> lookedUp = new HashSet<>();

  @BeforeEach
  void create(@TempDir Path folder) throws SQLException {
    lab =
        CopyLab.rows(
            folder,
            "shared",
            List.of(),
            List.of(),
            List.of(
                new StorageReference("files", "uri"),
                new StorageReference("files", "doc"),
                new StorageReference("files", "raw"),
                new StorageReference("files", "many"),
                new StorageReference("files", "short")));
    lab.source.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.files (id int PRIMARY KEY, tenant_id text, uri text, doc jsonb,"
            + " raw json, many text[], short varchar(60), note text, page xml)");
  }

  @AfterEach
  void drop() throws SQLException {
    lab.close();
  }

  @Test
  void everySpellingThatIsAReferenceIsRewrittenAndNothingElse() throws SQLException {
    insert(
        row(1, "uri", SHARED + "/a b%20c"),
        row(2, "uri", "s3a://shared-bucket/tenants/acme/x"),
        row(3, "uri", "S3://shared-bucket/tenants/acme"),
        row(4, "uri", "s3://shared-bucket/tenants/acme2/x"),
        row(
            5,
            "doc",
            "{\"a\": [\"%s/x\", {\"b\": \"%s\"}], \"%s/k\": 1}".formatted(SHARED, SHARED, SHARED)),
        row(6, "doc", "{\"text\": \"see \\\"%s/x\\\"\"}".formatted(SHARED)),
        row(7, "raw", "{ \"php\":\"s3:\\/\\/shared-bucket\\/tenants\\/acme\\/x\" }"),
        row(8, "many", "{%s/x,NULL,other,\"%s/y,%s/z\"}".formatted(SHARED, SHARED, SHARED)),
        row(9, "many", "{{other/x},{other}}"),
        row(10, "many", "{}"),
        // what jsonb rejects
        row(
            11,
            "raw",
            "{\"\\u0000\": 1e999999, \"a\": \"\\ud83d\", \"b\": \"\\\\\", \"b\": \"%s/caf\\u00e9\"}"
                .formatted(SHARED)));

    lab.migrate();
    lab.finish();

    assertThat(
            lab.target.query(
                "SELECT coalesce(uri, doc::text, raw::text, many::text) FROM files ORDER BY id"))
        .containsExactly(
            "s3://acme-bucket/a b%20c",
            "s3a://acme-bucket/x",
            "S3://acme-bucket",
            "s3://shared-bucket/tenants/acme2/x",
            "{\"a\": [\"s3://acme-bucket/x\", {\"b\": \"s3://acme-bucket\"}],"
                + " \"s3://acme-bucket/k\": 1}",
            "{\"text\": \"see \\\"%s/x\\\"\"}".formatted(SHARED),
            "{ \"php\":\"s3:\\/\\/acme-bucket\\/x\" }",
            "{s3://acme-bucket/x,NULL,other,\"s3://acme-bucket/y,%s/z\"}".formatted(SHARED),
            "{{other/x},{other}}",
            "{}",
            "{\"\\u0000\": 1e999999, \"a\": \"\\ud83d\", \"b\": \"\\\\\", \"b\": \"s3://acme-bucket/caf\\u00e9\"}");
    assertThat(rowContent().namedMismatches()).isEmpty();
    assertThat(rowContent().comparedCount()).isEqualTo(11);
    Finding followed = follow();
    assertThat(followed.namedMismatches()).isEmpty();
    assertThat(followed.comparedCount()).isEqualTo(9);
    assertThat(lookedUp).contains("", "a b%20c", "x", "y," + SHARED + "/z", "caf\u00e9");
  }

  @Test
  void aChangedReferenceWithinADocumentIsFound() throws SQLException {
    insert(row(1, "doc", "{\"a\": \"%s/x\"}".formatted(SHARED)));
    lab.migrate();
    lab.finish();
    lab.target.execute("UPDATE files SET doc = '{\"a\": \"s3://acme-bucket/y\"}'");

    assertThat(rowContent().namedMismatches()).singleElement().asString().contains("doc");
  }

  @Test
  void thePlanTellsWhatStaysOrDoesNotFit() throws SQLException {
    lab.source.execute(
        "ALTER TABLE shared.files ADD CONSTRAINT inside CHECK (uri LIKE 's3://shared-bucket/%')",
        "CREATE TABLE shared.named (url varchar PRIMARY KEY, tenant_id text)",
        "CREATE TABLE shared.naming (id int PRIMARY KEY, tenant_id text, url varchar REFERENCES"
            + " shared.named)");
    insert(
        row(1, "uri", SHARED + "/x?versionId=3"),
        row(2, "note", "see %s/x".formatted(SHARED)),
        row(3, "note", "https://shared-bucket.s3.eu-1.example.com/tenants%2Facme/x"),
        row(4, "page", "<a href=\"https://s3.example.com/shared-bucket/tenants/acme/x\"/>"),
        row(5, "note", "shared-bucket/tenants/acme2"),
        row(6, "short", SHARED + "/" + "x".repeat(24)),
        row(7, "short", SHARED + "/never/was"),
        row(8, "many", "{{%s/x},{other}}".formatted(SHARED)),
        row(9, "many", "{%s/x,NULL}".formatted(SHARED)));
    lab.source.execute(
        "INSERT INTO shared.named VALUES ('%s/n', 'acme')".formatted(SHARED),
        "INSERT INTO shared.naming VALUES (1, 'acme', '%s/n')".formatted(SHARED));

    PlanFindings plan = plan();

    assertThat(plan.refusals())
        .extracting(refusal -> refusal.object() + " " + refusal.reason())
        .anyMatch(
            text ->
                text.contains("shared.files has 1 row of the tenant failing")
                    && text.contains("inside")
                    && text.contains("with its storage references rewritten"))
        .anyMatch(text -> text.contains("shared.files.many has 1 array with references"));
    assertThat(plan.warnings())
        .extracting(warning -> warning.object() + " " + warning.message())
        .anyMatch(text -> text.contains("files.uri has 1 reference with a versionId"))
        .anyMatch(text -> text.contains("files.note has 2 values mentioning"))
        .anyMatch(text -> text.contains("files.page has 1 value mentioning"))
        .anyMatch(text -> text.contains("shared.named.url has 1 value mentioning"))
        .anyMatch(
            text ->
                text.contains("shared.naming.url has 1")
                    && text.contains("Add {table: naming, column: url} to storageReferences"))
        .anyMatch(
            text ->
                text.contains("shared.files.short refers to objects that do not exist: 1 of the 2")
                    && text.contains("tenants/acme/never/was"));
  }

  @Test
  void aReferenceThatGetsTooLongForItsColumnIsRefused() throws SQLException {
    insert(row(1, "short", SHARED + "/" + "x".repeat(28)), row(2, "short", SHARED + "/x"));
    ObjectStorageSpec objects = lab.context.spec(ObjectStorageSpec.class);
    String longName = "a-bucket-with-a-name-that-is-longer";
    MigrationContext context =
        TestRequests.context(
            lab.context.migrationId(),
            TestRequests.request(
                "acme",
                lab.spec(),
                new ObjectStorageSpec(
                    objects.source(),
                    new ObjectStorageSpec.Location(null, "r", longName, "", null, null),
                    1),
                List.of()));

    assertThat(plan(context).refusals())
        .anySatisfy(
            refusal -> {
              assertThat(refusal.object()).isEqualTo("shared.files.short");
              assertThat(refusal.reason())
                  .isEqualTo(
                      "has 1 reference that would be longer than its 60 characters once rewritten to"
                          + " s3://"
                          + longName
                          + "/");
            });
  }

  private Finding rowContent() {
    return new TableComparison(CONNECTIONS, context -> lab.snapshot)
        .rowContents(lab.context, ProgressMonitor.unmonitored());
  }

  private Finding follow() {
    return new DedicatedReferences(
            CONNECTIONS, TestJournal.shared(), (context, side, keys) -> missing(side, keys))
        .follow(lab.context, ProgressMonitor.unmonitored());
  }

  private Set<String> missing(Side side, Collection<String> keys) {
    if (side == Side.DEDICATED) {
      lookedUp.addAll(keys);
    }
    return keys.stream().filter(key -> key.endsWith("never/was")).collect(Collectors.toSet());
  }

  private PlanFindings plan() {
    return plan(lab.context);
  }

  private PlanFindings plan(MigrationContext context) {
    return new PostgresPlanner(
            CONNECTIONS,
            new ClientPrograms(),
            new QuerySessions(CONNECTIONS, null),
            (migration, side, keys) -> missing(side, keys))
        .plan(context, ProgressMonitor.unmonitored());
  }

  private record Row(int id, String column, String value) {}

  private static Row row(int id, String column, String value) {
    return new Row(id, column, value);
  }

  private void insert(Row... rows) throws SQLException {
    for (Row row : rows) {
      lab.source.execute(
          "INSERT INTO shared.files (id, tenant_id, %s) VALUES (%d, 'acme', '%s')"
              .formatted(row.column(), row.id(), row.value()));
    }
  }
}
