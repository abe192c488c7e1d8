package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.Silence;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cancel while one of the two databases answers nothing any more, in each phase that uses it. */
class SilentPostgresIT {

  private static final MigrationJournal JOURNAL = TestJournal.create();

  @TempDir private Path folder;
  private final PostgresConnections connections =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());
  private final ClientPrograms programs = new ClientPrograms();
  private CopyLab lab;
  private SilencedProxy shared;
  private SilencedProxy dedicated;

  /** What stands before a phase begins. */
  private enum Before {
    NOTHING,
    SNAPSHOT,
    SCHEMA,
    ROWS,
    ALL,
    FENCE
  }

  /** Which side falls silent, and the text on whose arrival it does. */
  private enum Phase {
    CONNECT_SHARED(Before.NOTHING, true, "user"),
    PLAN_SHARED(Before.NOTHING, true, "pg_attribute"),
    PLAN_DEDICATED(Before.NOTHING, false, "pg_database"),
    PROVISION(Before.NOTHING, false, "pg_database"),
    FENCE_ON(Before.NOTHING, true, "LOCK TABLE"),
    SNAPSHOT_OWN(Before.NOTHING, true, "pg_export_snapshot"),
    SNAPSHOT_PROGRAM(Before.NOTHING, true, "SET TRANSACTION SNAPSHOT"),
    SCHEMA_PROGRAM(Before.SNAPSHOT, false, "CREATE TABLE "),
    COPY_READS(Before.SCHEMA, true, "COPY (SELECT"),
    COPY_WRITES(Before.SCHEMA, false, "FROM STDIN"),
    FINISH_PROGRAM(Before.ROWS, false, "ADD CONSTRAINT"),
    FINISH_OWN(Before.ROWS, false, "ANALYZE"),
    VERIFY_SHARED(Before.ALL, true, "count(*)"),
    VERIFY_DEDICATED(Before.ALL, false, "count(*)"),
    RELEASE(Before.FENCE, true, "CREATE OR REPLACE FUNCTION"),
    REMOVE(Before.ALL, false, "pg_database");

    private final Before before;
    private final boolean isShared;
    private final String text;

    Phase(Before before, boolean isShared, String text) {
      this.before = before;
      this.isShared = isShared;
      this.text = text;
    }
  }

  @BeforeEach
  void open() throws SQLException, IOException {
    lab =
        CopyLab.rows(folder, RichSchema.NAME, List.of("plans"), List.of("left_behind"), List.of());
    RichSchema.create(lab.source, RichSchema.NAME);
    shared = SilencedProxy.before(TestServers.postgres().port());
    dedicated = SilencedProxy.before(TestServers.dedicatedPostgres().port());
  }

  @AfterEach
  void close() throws SQLException, IOException {
    shared.close();
    dedicated.close();
    lab.close();
  }

  @ParameterizedTest
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  @EnumSource(Phase.class)
  void aCancelEndsTheWork(Phase phase) throws SQLException {
    prepare(phase.before);
    MigrationContext context = throughProxies();

    Silence.assertCancelEnds(
        phase.isShared ? shared : dedicated, phase.text, monitor -> work(phase, context, monitor));
  }

  private void prepare(Before before) throws SQLException {
    if (before == Before.FENCE) {
      new WriteFence(connections, JOURNAL).raise(lab.context, ProgressMonitor.unmonitored());
      return;
    }
    if (before.compareTo(Before.SNAPSHOT) >= 0) {
      lab.takeSnapshot();
    }
    if (before.compareTo(Before.SCHEMA) >= 0) {
      lab.createSchema();
    }
    if (before.compareTo(Before.ROWS) >= 0) {
      var unused = lab.copyRows();
    }
    if (before.compareTo(Before.ALL) >= 0) {
      lab.finish();
      lab.seal();
    }
  }

  private void work(Phase phase, MigrationContext context, CancellableMonitor monitor)
      throws SQLException {
    Object unused =
        switch (phase) {
          case CONNECT_SHARED, PLAN_SHARED, PLAN_DEDICATED ->
              new PostgresPlanner(connections, programs, new QuerySessions(connections, null))
                  .plan(context, monitor);
          case PROVISION -> {
            new DedicatedDatabase(connections, JOURNAL).provision(context, monitor);
            yield phase;
          }
          case FENCE_ON -> {
            new WriteFence(connections, JOURNAL).raise(context, monitor);
            yield phase;
          }
          case SNAPSHOT_OWN, SNAPSHOT_PROGRAM -> {
            new SnapshotTaker(connections, programs)
                .take(context, lab.tables(), lab.snapshot, monitor);
            yield phase;
          }
          case SCHEMA_PROGRAM -> {
            new SchemaCreator(connections, programs, TestGuard.permitting())
                .create(context, lab.snapshot, monitor);
            yield phase;
          }
          case COPY_READS, COPY_WRITES ->
              new RowCopier(connections).copy(context, lab.tables(), lab.snapshot, monitor);
          case FINISH_PROGRAM, FINISH_OWN ->
              new DatabaseFinisher(connections, programs).finish(context, lab.snapshot, monitor);
          case VERIFY_SHARED, VERIFY_DEDICATED ->
              new TableComparison(connections, any -> lab.snapshot).rowCounts(context, monitor);
          case RELEASE -> new WriteFence(connections, JOURNAL).release(context);
          case REMOVE -> {
            JOURNAL.intend(context.migrationId(), "postgres", lab.target.name());
            yield new DedicatedDatabaseRemoval(connections, JOURNAL, TestGuard.permitting())
                .remove(context, "test");
          }
        };
  }

  private MigrationContext throughProxies() {
    PostgresSpec spec = lab.spec();
    return TestRequests.context(
        lab.context.migrationId(),
        TestRequests.withPostgres(
            new PostgresSpec(
                through(spec.source(), shared),
                through(spec.target(), dedicated),
                spec.isolation(),
                spec.sourceSchema(),
                spec.targetSchema(),
                spec.tenantColumn(),
                spec.referenceTables(),
                spec.excludeTables(),
                spec.parallelism(),
                spec.storageReferences())));
  }

  private static PostgresSpec.Database through(
      PostgresSpec.Database database, SilencedProxy proxy) {
    return new PostgresSpec.Database(
        proxy.inUrl(database.url()), database.user(), database.password());
  }
}
