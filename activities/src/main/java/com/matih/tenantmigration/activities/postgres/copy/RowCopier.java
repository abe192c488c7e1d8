package com.matih.tenantmigration.activities.postgres.copy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.fence.WholeNotes;
import com.matih.tenantmigration.activities.postgres.ledger.Chunk;
import com.matih.tenantmigration.activities.postgres.ledger.ChunkLedger;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedTable;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.ledger.PlannedTable;
import com.matih.tenantmigration.activities.postgres.ledger.RowProgress;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotTaker;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Copies the tenant's rows by parallel COPY into the dedicated database and, by the same read, into
 * the snapshot.
 *
 * <p>It takes over the ledger, plans the tables that are new or whose file changed, and lets
 * workers take the ranges that have not arrived, largest first, and the indexes of large tables
 * that are whole. A range or an index is there as a whole or not at all, so an attempt goes on
 * where the last one ended.
 */
public final class RowCopier {

  /** A range of so many bytes on disk is copied in a transaction together with others. */
  private static final long SMALL_BYTES = 128 << 10;

  /** A transaction locks each table with its indexes. */
  private static final int TOGETHER = 20;

  private final PostgresConnections connections;
  private final ClientPrograms programs;
  private final long rangeBytes;

  public RowCopier(PostgresConnections connections, ClientPrograms programs) {
    this(connections, programs, ChunkPlanner.RANGE_BYTES);
  }

  /** Cuts tables into ranges of another size. */
  public RowCopier(PostgresConnections connections, ClientPrograms programs, long rangeBytes) {
    this.connections = connections;
    this.programs = programs;
    this.rangeBytes = rangeBytes;
  }

  /**
   * Copies what has not arrived.
   *
   * @param tables the tables that move
   * @return each table under the name that it will have, with all its rows, also those that earlier
   *     attempts copied
   */
  public StoresSummary.Postgres copy(
      MigrationContext context,
      List<TenantTable> tables,
      SnapshotStorage storage,
      ProgressMonitor monitor) {
    DatabaseAccess source = DatabaseAccess.source(connections, context);
    DatabaseAccess target = SnapshotTaker.withSettings(DatabaseAccess.target(connections, context));
    PostgresSpec spec = context.spec(PostgresSpec.class);
    long epoch = Ledger.takeOver(target, monitor.attempt());
    plan(source, target, epoch, tables);
    Planned planned = readLedger(target, Planned::of);
    RowProgress progress = RowProgress.of(monitor, planned.estimatedRows(), planned.arrived());
    Map<String, TenantTable> byName = byName(tables);
    Map<String, EarlyIndexes.OfTable> early =
        EarlyIndexes.find(target, context.request(), storage, programs, monitor);
    Optional<WholeNotes> rewritten =
        switch (context.request().mode()) {
          case ONLINE -> Optional.of(WholeNotes.of(source, context));
          case OFFLINE -> Optional.empty();
        };
    CopyQueue queue =
        new CopyQueue(batches(slowestFirst(planned.pending(), early)), early, spec.parallelism());
    WorkerPool.workThrough(
        "copy",
        spec.parallelism(),
        monitor,
        IntStream.range(0, Math.min(spec.parallelism(), queue.size())).boxed().toList(),
        number -> {
          Connection from = source.open("copy " + number);
          boolean complete = false;
          try {
            Connection to = target.openForWrites(Ledger.writing(epoch, "copy " + number));
            complete = true;
            return new CopyWorker(
                queue,
                new ChunkCopier(from, to, epoch, storage, byName, progress, rewritten),
                to,
                epoch);
          } finally {
            if (!complete) {
              DatabaseAccess.closeQuietly(from);
            }
          }
        });
    new LargeObjectCopier(source, target, epoch, storage, monitor).copy(tables, spec.parallelism());
    return summary(tables, spec.targetSchema(), readLedger(target, ChunkLedger::arrived));
  }

  /** What was known of the dedicated side before the ranges were planned. */
  private record Known(int serverVersion, Map<String, Long> filenodes) {

    static Known of(Connection target) throws SQLException {
      return new Known(ChunkPlanner.version(target), ChunkLedger.filenodes(target));
    }
  }

  /** What the ledger says once they are. */
  private record Planned(
      List<Chunk> pending, long estimatedRows, List<ChunkLedger.Arrived> arrived) {

    static Planned of(Connection target) throws SQLException {
      return new Planned(
          ChunkLedger.pending(target),
          ChunkLedger.estimatedRows(target),
          ChunkLedger.arrived(target));
    }
  }

  private void plan(
      DatabaseAccess source, DatabaseAccess target, long epoch, List<TenantTable> tables) {
    Known known = readLedger(target, Known::of);
    List<PlannedTable> planned =
        source.look(
            "plan copy",
            "plan the copy of",
            "the tenant's tables",
            connection ->
                new ChunkPlanner(connection, known.serverVersion(), rangeBytes)
                    .plan(tables, known.filenodes()));
    target.change(
        Ledger.writing(epoch, "plan copy"),
        "write the ledger of",
        "the dedicated database",
        connection -> {
          Ledger.requireCurrent(connection, epoch);
          notePlan(connection, tables, planned);
        });
  }

  private static void notePlan(
      Connection connection, List<TenantTable> tables, List<PlannedTable> planned)
      throws SQLException {
    Map<String, TenantTable> byName = byName(tables);
    Map<TableName, PlannedTable> fresh = new LinkedHashMap<>();
    for (PlannedTable table : planned) {
      if (!table.ranges().isEmpty()) {
        String schema = Objects.requireNonNull(byName.get(table.table().root())).name().schema();
        fresh.put(CopiedTable.tableOf(table.table().table(), schema), table);
      }
    }
    ChunkLedger.plan(connection, fresh);
  }

  /** Tables with an index that takes long come first, so that it can begin early. */
  private static List<Chunk> slowestFirst(
      List<Chunk> pending, Map<String, EarlyIndexes.OfTable> early) {
    List<Chunk> ordered = new ArrayList<>(pending);
    ordered.sort(
        Comparator.comparing(
            chunk -> {
              EarlyIndexes.OfTable indexes = early.get(chunk.table().table());
              return indexes == null || !indexes.isSlow();
            }));
    return ordered;
  }

  /** Small ranges come together: what each costs by itself is more than the copy of its rows. */
  private static List<List<Chunk>> batches(List<Chunk> pending) {
    List<List<Chunk>> batches = new ArrayList<>();
    List<Chunk> batch = new ArrayList<>();
    for (Chunk chunk : pending) {
      if (chunk.estimatedBytes() > SMALL_BYTES) {
        batches.add(List.of(chunk));
        continue;
      }
      batch.add(chunk);
      if (batch.size() == TOGETHER) {
        batches.add(batch);
        batch = new ArrayList<>();
      }
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  private static Map<String, TenantTable> byName(List<TenantTable> tables) {
    Map<String, TenantTable> byName = new HashMap<>();
    for (TenantTable table : tables) {
      byName.put(nameOf(table), table);
    }
    return byName;
  }

  private static <T> T readLedger(DatabaseAccess target, DatabaseAccess.Work<T> work) {
    return target.read("read ledger", "read the ledger of", "the dedicated database", work);
  }

  private static StoresSummary.Postgres summary(
      List<TenantTable> tables, String targetSchema, List<ChunkLedger.Arrived> arrived) {
    Map<String, Long> rows = new TreeMap<>();
    Map<String, Long> bytes = new TreeMap<>();
    for (ChunkLedger.Arrived chunk : arrived) {
      rows.merge(chunk.table().root(), chunk.rows(), Long::sum);
      bytes.merge(chunk.table().root(), chunk.bytes(), Long::sum);
    }
    return new StoresSummary.Postgres(
        tables.stream()
            .map(
                table ->
                    new StoresSummary.Table(
                        table.onTarget(targetSchema).toString(),
                        rows.getOrDefault(nameOf(table), 0L),
                        bytes.getOrDefault(nameOf(table), 0L)))
            .toList());
  }

  private static String nameOf(TenantTable table) {
    return CopiedTable.nameOf(table.name(), !table.inSharedSchema());
  }
}
