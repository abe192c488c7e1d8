package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.workflow.MigrationException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes that are built while rows are copied, and those that wait. */
class EarlyIndexesIT {

  private static final int SMALL_RANGES = 1 << 18;

  private static final String INDEXES =
      "SELECT indexname FROM pg_indexes WHERE schemaname = '%s' ORDER BY 1";

  private static final String OIDS =
      "SELECT indexrelid FROM pg_index WHERE indrelid = 'shared.notes'::regclass ORDER BY 1";

  @TempDir static Path folder;
  private CopyLab lab;

  @BeforeEach
  void createTenant() throws SQLException {
    lab = CopyLab.rows(folder, "shared", List.of(), List.of(), List.of());
    lab.source.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.notes (id bigint PRIMARY KEY, tenant_id text, body jsonb,"
            + " title text)",
        "INSERT INTO shared.notes SELECT i, CASE WHEN i % 4 = 0 THEN 'globex' ELSE 'acme' END,"
            + " jsonb_build_object('n', i % 97, 'text', repeat(md5(i::text), 4)), 'title ' || i"
            + " FROM generate_series(1, 30000) i",
        "CREATE INDEX notes_body ON shared.notes USING gin (body)",
        "CREATE UNIQUE INDEX notes_title ON shared.notes (title) INCLUDE (id)",
        "CREATE INDEX notes_lower ON shared.notes (lower(title))",
        "CREATE TABLE shared.small (id bigint PRIMARY KEY, tenant_id text)",
        "INSERT INTO shared.small VALUES (1, 'acme')",
        "ANALYZE");
  }

  @AfterEach
  void close() throws SQLException {
    lab.close();
  }

  @Test
  void aLargeTablesIndexesAreThereWithItsRowsAndTheOthersAtTheEnd() throws SQLException {
    begin();
    lab.copyRows();

    assertThat(lab.target.query(INDEXES.formatted("shared")))
        .containsExactly("notes_body", "notes_pkey", "notes_title");
    assertThat(lab.target.query("SELECT count(*) FROM shared.notes")).containsExactly("22500");

    finishAndCompare();
  }

  @Test
  void whatAnInterruptedCopyBuiltIsNotBuiltAgain() throws SQLException {
    begin();
    assertThatThrownBy(() -> lab.copyRows(SMALL_RANGES, CancellableMonitor.cancellingAfter(8_000)))
        .isInstanceOf(MigrationException.class);
    assertThat(lab.target.query(INDEXES.formatted("shared"))).hasSizeLessThan(3);

    lab.copyRows(SMALL_RANGES, ProgressMonitor.unmonitored());
    List<String> built = lab.target.query(OIDS);
    assertThat(built).hasSize(3);
    // its answer was lost
    lab.copyRows(SMALL_RANGES, ProgressMonitor.unmonitored());

    assertThat(lab.target.query(OIDS)).isEqualTo(built);
    finishAndCompare();
  }

  /** Its text reads like the comment that stands before another entry. */
  @Test
  void aScriptThatCannotBeToldApartIsLeftToTheProgram() throws SQLException {
    lab.source.execute(
        "CREATE INDEX notes_odd ON shared.notes (id) WHERE title <> E'\\n--\\n-- Name: notes_pkey;"
            + " Type: INDEX; Schema: shared; Owner: -\\n--\\n'");
    begin();
    lab.copyRows();

    assertThat(lab.target.query(INDEXES.formatted("shared"))).isEmpty();

    finishAndCompare();
  }

  private void begin() throws SQLException {
    lab.takeSnapshot();
    lab.createSchema();
  }

  private void finishAndCompare() throws SQLException {
    List<String> expected = lab.source.query(INDEXES.formatted("shared"));
    lab.finish();
    assertThat(lab.target.query(INDEXES.formatted("public"))).isEqualTo(expected);
    assertThat(
            lab.target.query(
                "SELECT conname FROM pg_constraint WHERE contype = 'p' AND connamespace ="
                    + " 'public'::regnamespace ORDER BY 1"))
        .containsExactly("notes_pkey", "small_pkey");
  }
}
