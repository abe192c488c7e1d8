package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.engine.ObjectPresence;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.snapshot.FileSnapshotStorage;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.engine.throttle.Throttles;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.FrozenComparison;
import com.matih.tenantmigration.activities.postgres.copy.RowCopier;
import com.matih.tenantmigration.activities.postgres.drain.KeyValidation;
import com.matih.tenantmigration.activities.postgres.drain.RowDrain;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.fence.CaptureWatch;
import com.matih.tenantmigration.activities.postgres.fence.ChangeCapture;
import com.matih.tenantmigration.activities.postgres.fence.FenceLook;
import com.matih.tenantmigration.activities.postgres.fence.WriteFence;
import com.matih.tenantmigration.activities.postgres.follow.RowFollower;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.ownership.RowsUnderFence;
import com.matih.tenantmigration.activities.postgres.plan.PostgresPlanner;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.provision.DatabaseWriteSwitch;
import com.matih.tenantmigration.activities.postgres.provision.DedicatedDatabase;
import com.matih.tenantmigration.activities.postgres.provision.DedicatedDatabaseRemoval;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.schema.DatabaseFinisher;
import com.matih.tenantmigration.activities.postgres.schema.SchemaCreator;
import com.matih.tenantmigration.activities.postgres.sessions.LeftSession;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotSealer;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotTaker;
import com.matih.tenantmigration.activities.secrets.RequestReach;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.temporal.ActivityRunner;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.activity.PostgresActivities;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.RollbackStep.Status;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs PostgreSQL's engines as activities. */
public final class PostgresActivitiesImpl implements PostgresActivities {

  private static final int MOST_SESSIONS_TOLD = 5;

  private final RequestReach reach;
  private final Throttles throttles;
  private final PostgresConnections connections;
  private final SnapshotStorage.Provider snapshots;
  private final PostgresPlanner planner;
  private final DedicatedDatabase database;
  private final DedicatedDatabaseRemoval removal;
  private final DatabaseWriteSwitch writeSwitch;
  private final WriteFence fence;
  private final ChangeCapture capture;
  private final CaptureWatch captureWatch;
  private final RowFollower follower;
  private final RowDrain drain;
  private final RowsUnderFence rowsUnderFence;
  private final SnapshotTaker snapshotTaker;
  private final SchemaCreator schemaCreator;
  private final RowCopier rowCopier;
  private final DatabaseFinisher finisher;
  private final SnapshotSealer sealer;

  /**
   * Activities that use the machine's client programs.
   *
   * @param throttles bound how fast the shared side is read
   * @param guard lets the dedicated database be removed where no tenant is served from it
   * @param snapshots finds the storage that a request names
   * @param objects looks up what the tenant's rows refer to
   * @param queryRole the role in which a request's queries run; null for the request's user
   */
  public PostgresActivitiesImpl(
      SecretResolver secrets,
      MigrationJournal journal,
      Throttles throttles,
      RemovalGuard guard,
      SnapshotStorage.Provider snapshots,
      ObjectPresence objects,
      @Nullable String queryRole) {
    ClientPrograms programs = new ClientPrograms();
    this.reach = new RequestReach(secrets);
    this.throttles = throttles;
    this.connections = new PostgresConnections(secrets);
    this.snapshots = snapshots;
    this.planner =
        new PostgresPlanner(
            connections, programs, new QuerySessions(connections, queryRole), objects);
    this.database = new DedicatedDatabase(connections, journal);
    this.removal = new DedicatedDatabaseRemoval(connections, journal, guard);
    this.writeSwitch = new DatabaseWriteSwitch(connections, journal);
    this.fence = new WriteFence(connections, journal);
    this.capture = new ChangeCapture(fence, connections, journal);
    this.captureWatch = new CaptureWatch(connections, journal);
    this.follower = new RowFollower(connections, journal);
    this.drain = new RowDrain(connections, journal, programs);
    this.rowsUnderFence = new RowsUnderFence(connections);
    this.snapshotTaker = new SnapshotTaker(connections, programs);
    this.schemaCreator = new SchemaCreator(connections, programs, guard);
    this.rowCopier = new RowCopier(connections, programs);
    this.finisher = new DatabaseFinisher(connections, programs);
    this.sealer = new SnapshotSealer(connections);
  }

  @Override
  public PlanFindings plan(MigrationContext context) {
    return ActivityRunner.call(
        context,
        monitor ->
            reach.plan(
                context,
                StoreName.POSTGRES,
                () -> planner.plan(context, monitor).with(planSnapshot(context))));
  }

  /** A snapshot in a bucket is the object storage's to plan. */
  private static PlanFindings planSnapshot(MigrationContext context) {
    String location = context.request().snapshot().location();
    return location.startsWith(FileSnapshotStorage.SCHEME)
        ? new PlanFindings(StoresSummary.NONE, FileSnapshotStorage.refusals(location), List.of())
        : PlanFindings.NOTHING;
  }

  @Override
  public void provision(MigrationContext context) {
    ActivityRunner.run(context, monitor -> database.provision(context, monitor));
  }

  @Override
  public void capture(MigrationContext context) {
    ActivityRunner.run(context, monitor -> capture.begin(context, monitor));
  }

  @Override
  public void watchCapture(MigrationContext context) {
    ActivityRunner.run(context, monitor -> captureWatch.watch(context, monitor));
  }

  @Override
  public @Nullable Followed follow(MigrationContext context, Following following) {
    return ActivityRunner.follow(
        context,
        monitor ->
            throttles.read(
                context,
                StoreName.POSTGRES,
                monitor,
                throttled -> follower.follow(context, following, throttled)));
  }

  @Override
  public Drained drain(MigrationContext context) {
    return ActivityRunner.call(
        context,
        monitor -> {
          List<CheckResult> checks = new ArrayList<>();
          drain
              .drain(context, snapshots.forMigration(context), monitor)
              .forEach(
                  (check, finding) -> {
                    // nothing may have changed since the verification
                    if (finding.comparedCount() + finding.mismatchCount() > 0) {
                      checks.add(finding.toResult(check));
                    }
                  });
          return new Drained(StoresSummary.NONE, checks);
        });
  }

  @Override
  public void validateKeys(MigrationContext context) {
    ActivityRunner.run(
        context, monitor -> new KeyValidation(connections).validate(context, monitor));
  }

  @Override
  public void compareFrozenRows(MigrationContext context) {
    ActivityRunner.run(
        context,
        monitor ->
            throttles.read(
                // on the dedicated side; the shared one is read as gently as before the fence
                context.whileTenantWorks(),
                StoreName.POSTGRES,
                monitor,
                throttled ->
                    new FrozenComparison(connections, snapshots).requireEqual(context, throttled)));
  }

  @Override
  public void fence(MigrationContext context) {
    ActivityRunner.run(
        context,
        monitor -> {
          switch (context.request().mode()) {
            case ONLINE -> capture.raiseFence(context, monitor);
            case OFFLINE -> fence.raise(context, monitor);
          }
        });
  }

  @Override
  public String takeSnapshot(MigrationContext context) {
    return ActivityRunner.call(
        context,
        monitor -> {
          SnapshotStorage storage = snapshots.forMigration(context);
          TenantTables tables = catalog(context);
          rowsUnderFence.requireMovable(context, tables, monitor);
          snapshotTaker.take(context, tables, storage, monitor);
          return storage.location();
        });
  }

  @Override
  public void createSchema(MigrationContext context) {
    ActivityRunner.run(
        context,
        monitor -> schemaCreator.create(context, snapshots.forMigration(context), monitor));
  }

  @Override
  public StoresSummary copyRows(MigrationContext context) {
    return ActivityRunner.call(
        context,
        monitor ->
            throttles.reading(
                context,
                StoreName.POSTGRES,
                monitor,
                throttled ->
                    StoresSummary.of(
                        rowCopier.copy(
                            context,
                            catalog(context).requireMovable(),
                            snapshots.forMigration(context),
                            throttled))));
  }

  @Override
  public void finish(MigrationContext context) {
    ActivityRunner.run(
        context,
        monitor ->
            throttles.read(
                context, StoreName.POSTGRES, monitor, throttled -> finish(context, throttled)));
  }

  private void finish(MigrationContext context, ProgressMonitor monitor) {
    SnapshotStorage snapshot = snapshots.forMigration(context);
    switch (context.request().mode()) {
      case ONLINE ->
          writeSwitch.refuseWrites(
              context,
              finisher.finishForFollowing(
                  context, snapshot, epoch -> follower.correctBase(context, epoch), monitor));
      case OFFLINE -> {
        writeSwitch.refuseWrites(context, finisher.finish(context, snapshot, monitor));
        sealer.seal(context, snapshot, monitor);
      }
    }
  }

  @Override
  public void openForWrites(MigrationContext context) {
    ActivityRunner.run(context, monitor -> writeSwitch.openForWrites(context));
  }

  @Override
  public void removeLedger(MigrationContext context) {
    ActivityRunner.run(
        context, monitor -> Ledger.drop(DatabaseAccess.target(connections, context)));
  }

  @Override
  public RollbackStep releaseFence(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> released(fence.release(context)));
  }

  private static RollbackStep released(WriteFence.Released released) {
    String left =
        released.left().isEmpty()
            ? ""
            : (" Sessions of this migration could not be ended and may hold tables"
                    + " until they end: %s.")
                .formatted(
                    released.left().stream()
                        .limit(MOST_SESSIONS_TOLD)
                        .map(LeftSession::toString)
                        .collect(Collectors.joining("; ")));
    return released.stood()
        ? new RollbackStep(
            Compensation.RELEASE_FENCE.name(),
            Status.DONE,
            "The shared database accepts the tenant's writes again." + left)
        : new RollbackStep(
            Compensation.RELEASE_FENCE.name(),
            Status.NOT_NEEDED,
            "The tenant's writes were not fenced." + left);
  }

  @Override
  public RollbackStep removeFence(MigrationContext context) {
    return ActivityRunner.call(
        context,
        monitor ->
            fence.remove(context, monitor)
                ? new RollbackStep(
                    Compensation.REMOVE_FENCE.name(),
                    Status.DONE,
                    "The fence's triggers and functions were removed from the shared database.")
                : new RollbackStep(
                    Compensation.REMOVE_FENCE.name(),
                    Status.NOT_NEEDED,
                    "The shared database had no fence of this migration."));
  }

  @Override
  public String lookForFence(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> new FenceLook(connections).tell(context));
  }

  @Override
  public RollbackStep dropDatabase(MigrationContext context, String reason) {
    return ActivityRunner.call(context, monitor -> removal.remove(context, reason));
  }

  private TenantTables catalog(MigrationContext context) {
    DatabaseAccess source = DatabaseAccess.source(connections, context);
    try (Connection connection = source.openShort("read catalog")) {
      return TenantCatalog.read(connection, context.request());
    } catch (SQLException e) {
      throw PostgresFailures.translate("read the tables of", source.address().toString(), e);
    }
  }
}
