package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.ledger.ChunkLedger;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedTable;
import com.matih.tenantmigration.activities.postgres.ledger.LargeObjectLedger;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.SnapshotFile;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest.Change;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest.Part;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest.Table;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the snapshot's manifest, after it saw that every range that arrived has its part. */
public final class SnapshotSealer {

  private final PostgresConnections connections;

  public SnapshotSealer(PostgresConnections connections) {
    this.connections = connections;
  }

  /**
   * Seals the snapshot; a second time writes the same.
   *
   * @throws MigrationException of type CONTENT_MISMATCH where a range has not arrived, or its part
   *     is gone
   */
  public void seal(MigrationContext context, SnapshotStorage storage, ProgressMonitor monitor) {
    seal(context, storage, Optional.empty(), List.of(), monitor);
  }

  /**
   * Seals a snapshot whose rows were read while the tenant wrote.
   *
   * @param later the point for which it stands with the changes
   */
  public void seal(
      MigrationContext context,
      SnapshotStorage storage,
      Optional<SnapshotPoint> later,
      List<Change> changes,
      ProgressMonitor monitor) {
    DatabaseAccess target = DatabaseAccess.target(connections, context);
    PostgresSpec spec = context.spec(PostgresSpec.class);
    SnapshotManifest manifest =
        target.read(
            "seal",
            "read the ledger of",
            "the dedicated database",
            connection -> {
              int missing = ChunkLedger.pending(connection).size();
              if (missing > 0) {
                throw new MigrationException(
                    FailureType.CONTENT_MISMATCH,
                    "The snapshot cannot be sealed: it lacks %s of rows."
                        .formatted(Units.plural(missing, "range")));
              }
              SnapshotPoint taken = later.orElse(SnapshotTaker.taken(connection));
              List<Table> tables = tables(ChunkLedger.arrived(connection));
              List<Part> largeObjects = largeObjects(connection);
              return new SnapshotManifest(
                  SnapshotManifest.formatOf(taken, tables, largeObjects, changes),
                  context.tenant(),
                  context.migrationId(),
                  taken,
                  spec.sourceSchema(),
                  spec.isolation(),
                  tables,
                  largeObjects,
                  changes);
            });
    requireParts(manifest, storage, monitor);
    DurableAct.WRITE_MANIFEST.run(() -> manifest.write(storage));
  }

  private static List<Table> tables(List<ChunkLedger.Arrived> arrived) {
    Map<String, List<ChunkLedger.Arrived>> byTable = new LinkedHashMap<>();
    for (ChunkLedger.Arrived chunk : arrived) {
      byTable.computeIfAbsent(chunk.table().table(), name -> new ArrayList<>()).add(chunk);
    }
    return byTable.values().stream().map(SnapshotSealer::table).toList();
  }

  private static List<Part> largeObjects(Connection connection) throws SQLException {
    return LargeObjectLedger.arrived(connection).stream()
        .map(part -> new Part(part.name(), part.objects(), part.bytes(), part.sha256()))
        .toList();
  }

  private static Table table(List<ChunkLedger.Arrived> chunks) {
    CopiedTable table = chunks.get(0).table();
    return new Table(
        table.table(),
        table.columns(),
        table.format(),
        chunks.stream().mapToLong(ChunkLedger.Arrived::rows).sum(),
        chunks.stream().mapToLong(ChunkLedger.Arrived::bytes).sum(),
        chunks.stream()
            .map(chunk -> new Part(chunk.part(), chunk.rows(), chunk.bytes(), chunk.sha256()))
            .toList());
  }

  private static void requireParts(
      SnapshotManifest manifest, SnapshotStorage storage, ProgressMonitor monitor) {
    List<String> names = new ArrayList<>();
    SnapshotFile archive = manifest.pointInTime().archive();
    SnapshotFile list = manifest.pointInTime().archiveList();
    names.add(archive.name());
    names.add(list.name());
    manifest.tables().forEach(table -> table.parts().forEach(part -> names.add(part.name())));
    manifest.largeObjects().forEach(part -> names.add(part.name()));
    for (Change change : manifest.changes()) {
      names.add(change.gone().name());
      names.add(change.rows().name());
    }
    long seen = 0;
    for (String name : names) {
      monitor.throwIfCancelled();
      monitor.update(new Progress(seen++, names.size(), "parts", "sealing the snapshot"));
      if (!storage.exists(name)) {
        throw new MigrationException(
            FailureType.CONTENT_MISMATCH,
            ("The file %s of the snapshot %s is missing. Start the migration again,"
                    + " and make sure that nobody deletes files there.")
                .formatted(storage.location(), name));
      }
    }
  }
}
