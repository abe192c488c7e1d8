package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.fence.CaptureWatch;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done to a captured table must not cost the tenant its writes. */
class CaptureWatchIT {

  private static final String WRITE = "UPDATE shared.notes SET text = 'new'";

  private CopyLab lab;
  private OnlineLab online;

  @BeforeEach
  void capture(@TempDir Path folder) throws SQLException {
    lab = CopyLab.rows(folder, "shared", List.of(), List.of(), List.of());
    lab.source.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.notes (id int PRIMARY KEY, tenant_id text, text text)",
        "INSERT INTO shared.notes VALUES (1, 'acme', 'old')");
    online = new OnlineLab(lab);
    online.capture();
  }

  @AfterEach
  void drop() throws SQLException {
    online.remove();
    lab.close();
  }

  private void watch(ProgressMonitor monitor) {
    new CaptureWatch(
            TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres()),
            TestJournal.shared())
        .watch(online.context.whileTenantWorks(), monitor);
  }

  private static void assertSourceChanged(Throwable thrown) {
    assertThat(thrown).isInstanceOf(MigrationException.class).hasMessageContaining("notes");
    assertThat(((MigrationException) thrown).type()).isEqualTo(FailureType.SOURCE_CHANGED);
  }

  @Test
  void aRenamedKeyBreaksNoWriteOfTheTenantForLong() throws Exception {
    CompletableFuture<Void> watching =
        CompletableFuture.runAsync(() -> watch(ProgressMonitor.unmonitored()));
    lab.source.execute("ALTER TABLE shared.notes RENAME COLUMN id TO number");
    assertThatThrownBy(() -> lab.source.execute(WRITE)).isInstanceOf(SQLException.class);

    assertThatThrownBy(() -> watching.get(15, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .satisfies(CaptureWatchIT::assertSourceChanged);

    lab.source.execute(WRITE);
    assertThat(lab.source.query("SELECT text FROM shared.notes")).containsExactly("new");
  }

  @Test
  void whatWasGivenUpIsNotBelievedAgain() throws SQLException {
    lab.source.execute("ALTER TABLE shared.notes DISABLE TRIGGER ALL");
    assertThatThrownBy(() -> watch(ProgressMonitor.unmonitored()))
        .satisfies(CaptureWatchIT::assertSourceChanged);

    assertThatThrownBy(() -> watch(ProgressMonitor.unmonitored()))
        .satisfies(CaptureWatchIT::assertSourceChanged);
    assertThatThrownBy(online::follow).satisfies(CaptureWatchIT::assertSourceChanged);
  }

  @Test
  void aDroppedTableIsTold() throws SQLException {
    lab.source.execute("DROP TABLE shared.notes");

    assertThatThrownBy(() -> watch(ProgressMonitor.unmonitored()))
        .satisfies(CaptureWatchIT::assertSourceChanged);
  }

  @Test
  void tablesThatAreOnlyRewrittenAreWatchedOn() throws SQLException {
    lab.source.execute(WRITE, "VACUUM FULL shared.notes", "ANALYZE shared.notes");

    assertThatThrownBy(() -> watch(CancellableMonitor.cancellingAfter(2)))
        .isInstanceOf(MigrationException.class)
        .extracting(thrown -> ((MigrationException) thrown).type())
        .isEqualTo(FailureType.CANCELLED);
  }

  /** As operators do at any time. */
  @Test
  void tablesWhoseRowsStayAsTheyAreAreWatchedOn() throws SQLException {
    lab.source.execute(
        "GRANT SELECT (text) ON shared.notes TO pg_monitor",
        "GRANT SELECT ON shared.notes TO pg_monitor",
        "REVOKE SELECT (text) ON shared.notes FROM pg_monitor",
        "COMMENT ON COLUMN shared.notes.text IS 'what was noted'",
        "ALTER TABLE shared.notes ALTER text SET STATISTICS 500",
        "ALTER TABLE shared.notes ALTER text SET STORAGE EXTERNAL",
        "ALTER TABLE shared.notes ALTER text SET (n_distinct = -0.5)",
        "ALTER TABLE shared.notes SET (fillfactor = 70)",
        "REINDEX TABLE shared.notes");

    assertThatThrownBy(() -> watch(CancellableMonitor.cancellingAfter(2)))
        .isInstanceOf(MigrationException.class)
        .extracting(thrown -> ((MigrationException) thrown).type())
        .isEqualTo(FailureType.CANCELLED);
    online.follow();
  }

  @Test
  void valuesThatAreConvertedToTheTypeThatTheyHadAreTold() throws SQLException {
    lab.source.execute("ALTER TABLE shared.notes ALTER text TYPE text USING upper(text)");

    assertThatThrownBy(() -> watch(ProgressMonitor.unmonitored()))
        .satisfies(CaptureWatchIT::assertSourceChanged);
  }
}
