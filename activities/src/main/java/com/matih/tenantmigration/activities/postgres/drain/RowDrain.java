package com.matih.tenantmigration.activities.postgres.drain;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.PointComparison;
import com.matih.tenantmigration.activities.postgres.follow.ChangedRows;
import com.matih.tenantmigration.activities.postgres.follow.Round;
import com.matih.tenantmigration.activities.postgres.follow.RowRounds;
import com.matih.tenantmigration.activities.postgres.follow.RowRounds.Extent;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.schema.FollowedSchema;
import com.matih.tenantmigration.activities.postgres.snapshot.LaterPoint;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaDefinitions;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest.Change;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotSealer;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotTaker;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Units;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Carries over what was written until the fence stood, compares it by its keys, and completes the
 * dedicated database and the snapshot.
 *
 * <p>All writers of the tenant have ended when it begins, so the last round's point is the end of
 * the tenant's life on the shared side: none of its rows is noted any more after it, which is
 * looked for.
 */
public final class RowDrain {

  private final PostgresConnections connections;
  private final MigrationJournal journal;
  private final ClientPrograms programs;

  public RowDrain(
      PostgresConnections connections, MigrationJournal journal, ClientPrograms programs) {
    this.connections = connections;
    this.journal = journal;
    this.programs = programs;
  }

  /**
   * Drains; repeatable.
   *
   * @return what the checks of rows found of what was carried over
   * @throws MigrationException of type SOURCE_CHANGED where something has happened that no trigger
   *     sees, or something was written although the fence stands
   */
  public Map<CheckName, Finding> drain(
      MigrationContext context, SnapshotStorage storage, ProgressMonitor monitor) {
    DatabaseAccess target = SnapshotTaker.withSettings(DatabaseAccess.target(connections, context));
    long epoch = Ledger.takeOver(target, monitor.attempt());
    FollowedSchema schema = new FollowedSchema(target, storage, programs);
    schema.takeOwnName(context, epoch);
    try (RowRounds rounds = RowRounds.open(connections, journal, context, false, epoch)) {
      Carried carried =
          WorkerPool.both(
              "later-point",
              monitor,
              () -> laterPoint(context, target),
              () -> carryOver(context, rounds, monitor),
              Carried::new);
      monitor.update(new Progress(0, -1, "", "creating foreign keys and triggers"));
      schema.complete(context, carried.later(), epoch, monitor);
      rounds.requireSameSchema();
      monitor.update(new Progress(0, -1, "", "sealing the snapshot"));
      List<Change> changes =
          new ChangedRows(rounds.dedicated(), storage, epoch).write(rounds.tables());
      rounds.release();
      new SnapshotSealer(connections)
          .seal(context, storage, Optional.of(carried.later()), changes, monitor);
      rounds.end(carried.last().round());
      return carried.last().findings();
    }
  }

  /**
   * All that was written is on the dedicated side.
   *
   * @param later the shared side's sequences and settings as they are now
   */
  private record Carried(SnapshotPoint later, LastRound last) {}

  private record LastRound(Round round, Map<CheckName, Finding> findings) {}

  private static LastRound carryOver(
      MigrationContext context, RowRounds rounds, ProgressMonitor monitor) {
    monitor.update(new Progress(0, -1, "", "carrying over the last changes"));
    Round round = rounds.run(Extent.ALL);
    Map<CheckName, Finding> findings = PointComparison.carried(context, rounds, round, monitor);
    rounds.release();
    rounds.forget(round);
    requireNothingNoted(rounds.notedOwnRows());
    return new LastRound(round, findings);
  }

  private static void requireNothingNoted(long noted) {
    if (noted > 0) {
      throw new MigrationException(
          FailureType.SOURCE_CHANGED,
          "%s of the tenant changed in the shared database although the tenant's writes are refused there."
                  .formatted(Units.plural(noted, "row"))
              + " Start the migration again.");
    }
  }

  private SnapshotPoint laterPoint(MigrationContext context, DatabaseAccess target) {
    DatabaseAccess source = DatabaseAccess.source(connections, context);
    TenantTables tables =
        source.look(
            "read catalog",
            "read the tables of",
            "the shared database",
            connection -> TenantCatalog.read(connection, context.request()));
    SchemaDefinitions.requireSame(connections, context);
    return LaterPoint.read(SnapshotTaker.taken(target), source, tables);
  }
}
