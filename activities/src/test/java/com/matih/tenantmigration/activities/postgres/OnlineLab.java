package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.FrozenComparison;
import com.matih.tenantmigration.activities.postgres.compare.PointComparison;
import com.matih.tenantmigration.activities.postgres.compare.PostgresSourceQuiet;
import com.matih.tenantmigration.activities.postgres.compare.PostgresTenantLeak;
import com.matih.tenantmigration.activities.postgres.copy.RowCopier;
import com.matih.tenantmigration.activities.postgres.drain.KeyValidation;
import com.matih.tenantmigration.activities.postgres.drain.RowDrain;
import com.matih.tenantmigration.activities.postgres.fence.ChangeCapture;
import com.matih.tenantmigration.activities.postgres.fence.WriteFence;
import com.matih.tenantmigration.activities.postgres.follow.RowFollower;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.provision.DatabaseWriteSwitch;
import com.matih.tenantmigration.activities.postgres.schema.DatabaseFinisher;
import com.matih.tenantmigration.activities.postgres.schema.SchemaCreator;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotTaker;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.request.Mode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The steps of a move while the tenant works, over the databases of a {@link CopyLab}. */
final class OnlineLab {

  private static final ProgressMonitor MONITOR = ProgressMonitor.unmonitored();

  final MigrationContext context;
  final WriteFence fence;
  private final CopyLab lab;
  private final PostgresConnections connections =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());
  private final ClientPrograms programs = new ClientPrograms();
  private final ChangeCapture capture;
  private final RowFollower follower;

  OnlineLab(CopyLab lab) {
    this.lab = lab;
    this.context = online(lab.context());
    this.fence = new WriteFence(connections, TestJournal.shared());
    this.capture = new ChangeCapture(fence, connections, TestJournal.shared());
    this.follower = new RowFollower(connections, TestJournal.shared());
  }

  private static MigrationContext online(MigrationContext offline) {
    return new MigrationContext(
        offline.migrationId(),
        offline.workflowId(),
        offline.runId(),
        offline.request().in(Mode.ONLINE));
  }

  void capture() {
    capture.begin(context, MONITOR);
  }

  /**
   * @param rangeBytes how large the ranges are that are read one after the other
   */
  void copy(long rangeBytes) throws SQLException {
    new SnapshotTaker(connections, programs).take(context, catalog(), lab.snapshot, MONITOR);
    new SchemaCreator(connections, programs, TestGuard.permitting())
        .create(context, lab.snapshot, MONITOR);
    var unused =
        new RowCopier(connections, programs, rangeBytes)
            .copy(context, catalog().requireMovable(), lab.snapshot, MONITOR);
  }

  void finish() {
    long finished =
        new DatabaseFinisher(connections, programs)
            .finishForFollowing(
                context, lab.snapshot, epoch -> follower.correctBase(context, epoch), MONITOR);
    new DatabaseWriteSwitch(connections, TestJournal.shared()).refuseWrites(context, finished);
  }

  void followUntilStopped(ProgressMonitor monitor) {
    follower.follow(context, Following.UNTIL_STOPPED, monitor);
  }

  void follow() {
    follow(MONITOR);
  }

  void follow(ProgressMonitor monitor) {
    follower.follow(context, Following.UNTIL_CAUGHT_UP, monitor);
  }

  Map<CheckName, Finding> verify() {
    return verify(MONITOR);
  }

  Map<CheckName, Finding> verify(ProgressMonitor monitor) {
    return new PointComparison(connections, TestJournal.shared()).rows(context, monitor);
  }

  /** Looks for rows of others on the dedicated side as it is now. */
  Finding leak() {
    return new PostgresTenantLeak(connections).findForeign(context, MONITOR);
  }

  void pause(Duration length) {
    MONITOR.pause(length);
  }

  /** Ends all sessions of the migration on both sides, as a worker's death does. */
  void endSessions() {
    for (TestDatabase side : List.of(lab.source, lab.target)) {
      try {
        side.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE"
                + " 'tenant-migration %s%%'".formatted(context.migrationId()));
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }
  }

  void raiseFence() {
    capture.raiseFence(context, MONITOR);
  }

  List<String> missingOfFence() throws SQLException {
    try (Connection source = DatabaseAccess.source(connections, context).open("look at fence")) {
      return fence.missing(source, context, catalog());
    }
  }

  Map<CheckName, Finding> drain() {
    return new RowDrain(connections, TestJournal.shared(), programs)
        .drain(context, lab.snapshot, MONITOR);
  }

  /** Lets the dedicated database take writes, as the cutover's final step does. */
  void open() {
    new DatabaseWriteSwitch(connections, TestJournal.shared()).openForWrites(context);
  }

  void validateKeys() {
    new KeyValidation(connections).validate(context, MONITOR);
  }

  /** Looks for what the dedicated side lacks before the tenant works with it. */
  Finding quiet() {
    return PostgresSourceQuiet.beforeCutover(connections, fence, TestJournal.shared())
        .findWrites(context, MONITOR);
  }

  /** Compares what is left on the shared side with the sealed snapshot. */
  Finding compareFrozen() {
    return compareFrozen(MONITOR);
  }

  Finding compareFrozen(ProgressMonitor monitor) {
    return new FrozenComparison(connections, of -> lab.snapshot).compare(context, monitor);
  }

  /** Takes fence and capture away, as a rollback does. */
  void remove() {
    var unusedRelease = fence.release(context);
    var unusedRemoval = fence.remove(context, MONITOR);
  }

  TenantTables catalog() throws SQLException {
    try (Connection connection = DatabaseAccess.source(connections, context).open("tables")) {
      return TenantCatalog.read(connection, context.request());
    }
  }
}
