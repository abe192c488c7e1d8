package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.ledger.RecordJson;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.ledger.Steps;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Fixes the point in time, under the fence, and takes the schema's archive as it was then.
 *
 * <p>One transaction that sees one state notes where it stands, reads the sequences, and lends its
 * snapshot to {@code pg_dump}. What it found is noted in the ledger once; a second attempt finds it
 * there, and of two that overlap both go on from the same.
 */
public final class SnapshotTaker {

  private static final String STEP = "snapshot";

  private final PostgresConnections connections;
  private final ClientPrograms programs;

  public SnapshotTaker(PostgresConnections connections, ClientPrograms programs) {
    this.connections = connections;
    this.programs = programs;
  }

  /** An archive's point, and what the archive defines. */
  private record Taken(SnapshotPoint point, SchemaDefinitions definitions) {}

  /**
   * Takes the archive unless it is taken.
   *
   * @param tables the tables that move, and what comes with them
   */
  public void take(
      MigrationContext context,
      TenantTables tables,
      SnapshotStorage storage,
      ProgressMonitor monitor) {
    DatabaseAccess source = DatabaseAccess.source(connections, context);
    DatabaseAccess target = DatabaseAccess.target(connections, context);
    if (Steps.isDone(target, STEP)) {
      return;
    }
    long epoch = Ledger.takeOver(target, monitor.attempt());
    String schema = context.spec(PostgresSpec.class).sourceSchema();
    monitor.update(new Progress(0, -1, "", "dumping the schema " + schema));
    Taken taken =
        source.read(
            "snapshot",
            "take the snapshot of",
            "schema " + schema,
            connection ->
                new Taken(
                    take(connection, source, tables, storage, epoch, monitor),
                    SchemaDefinitions.read(connection, tables)));
    target.change(
        Ledger.writing(epoch, "snapshot"),
        "note the snapshot in",
        "the dedicated database",
        connection -> {
          Ledger.requireCurrent(connection, epoch);
          Ledger.mark(connection, STEP, RecordJson.write(taken.point()));
          taken.definitions().note(connection);
        });
  }

  /**
   * The point in time that was taken.
   *
   * @throws IllegalStateException before it was taken
   */
  public static SnapshotPoint taken(Connection target) throws SQLException {
    return Ledger.step(target, STEP)
        .map(
            text -> RecordJson.read(text, SnapshotPoint.class, "The ledger's note of the snapshot"))
        .orElseThrow(() -> new IllegalStateException("no snapshot was taken yet"));
  }

  /** {@link #taken(Connection)} over a connection of its own. */
  public static SnapshotPoint taken(DatabaseAccess target) {
    return target.read(
        "read ledger", "read the ledger of", "the dedicated database", SnapshotTaker::taken);
  }

  /** The dedicated database with the settings that the source's database had, once taken. */
  public static DatabaseAccess withSettings(DatabaseAccess target) {
    Optional<SnapshotPoint> taken =
        target.read(
            "read ledger",
            "read the ledger of",
            "the dedicated database",
            connection ->
                Ledger.step(connection, STEP).isPresent()
                    ? Optional.of(taken(connection))
                    : Optional.<SnapshotPoint>empty());
    return taken.map(point -> inSurroundings(target, point)).orElse(target);
  }

  /** A database with the settings, and names found, as where the snapshot was taken. */
  public static DatabaseAccess inSurroundings(DatabaseAccess database, SnapshotPoint taken) {
    return database.with(taken.settings()).searching(taken.sharedSchemaNames());
  }

  private SnapshotPoint take(
      Connection connection,
      DatabaseAccess source,
      TenantTables tables,
      SnapshotStorage storage,
      long epoch,
      ProgressMonitor monitor)
      throws SQLException {
    try (SchemaDump dump = SchemaDump.take(connection, source, tables, programs, monitor)) {
      // each attempt has names of its own, so that an earlier one still at work spoils nothing
      return dump.taken(
          SnapshotFiles.store(storage, "schema.%d.dump".formatted(epoch), dump.archive()),
          SnapshotFiles.store(storage, "schema.%d.list".formatted(epoch), dump.list()));
    }
  }
}
