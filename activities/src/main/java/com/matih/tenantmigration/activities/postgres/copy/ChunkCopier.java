package com.matih.tenantmigration.activities.postgres.copy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor.Registration;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.fence.WholeNotes;
import com.matih.tenantmigration.activities.postgres.ledger.Chunk;
import com.matih.tenantmigration.activities.postgres.ledger.ChunkLedger;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedRange;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedTable;
import com.matih.tenantmigration.activities.postgres.ledger.RowProgress;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotFiles;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * Copies ranges over a connection to each side, a few small ones or a large one in one transaction
 * together with the note that they arrived.
 *
 * <p>The snapshot's parts are stored before that transaction commits, so a range that the ledger
 * knows has its part.
 */
final class ChunkCopier implements WorkerPool.Worker<List<Chunk>> {

  /** The bytes that lie outside of a table's own blocks: all that a large row has. */
  private static final String MUCH_OUTSIDE =
      """
      SELECT n.nspname, c.relname
        FROM unnest(?::text[], ?::text[]) AS one(schema, name)
        JOIN pg_namespace n ON n.nspname = one.schema
        JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = one.name
       WHERE c.reltoastrelid <> 0 AND pg_relation_size(c.reltoastrelid) > ?
      """;

  private static final String FILES =
      """
      SELECT n.nspname, c.relname, pg_relation_filenode(c.oid)
        FROM unnest(?::text[], ?::text[]) AS one(schema, name)
        JOIN pg_namespace n ON n.nspname = one.schema
        JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = one.name
      """;

  /** Each waits for the disk or the bucket most of the time. */
  private static final int STORED_AT_A_TIME = 8;

  /** Below it the rows are not measured: they are small beside what each session holds anyway. */
  private static final long MANY_BYTES = 1L << 20;

  private final Connection source;
  private final Connection target;
  private final long epoch;
  private final SnapshotStorage storage;
  private final Map<String, TenantTable> tables;
  private final RowProgress progress;
  private final Optional<WholeNotes> rewritten;

  /**
   * A copier that closes the connections.
   *
   * @param tables the tables that move, by name, partitioned ones by their roots
   * @param rewritten takes tables whose files were replaced while they were read; without it that
   *     is a failure
   */
  ChunkCopier(
      Connection source,
      Connection target,
      long epoch,
      SnapshotStorage storage,
      Map<String, TenantTable> tables,
      RowProgress progress,
      Optional<WholeNotes> rewritten) {
    this.source = source;
    this.target = target;
    this.epoch = epoch;
    this.storage = storage;
    this.tables = Map.copyOf(tables);
    this.progress = progress;
    this.rewritten = rewritten;
  }

  @Override
  public void work(List<Chunk> batch) {
    WorkScope.current().awaitShared();
    try (Registration onCancel = WorkScope.current().onCancel(this::interrupt);
        RowMemory.Lease lease = roomForRows(batch)) {
      copy(batch);
    }
  }

  private TableName leafOf(Chunk chunk) {
    return CopiedTable.tableOf(chunk.table().table(), tableOf(chunk).name().schema());
  }

  /** The driver has one row in memory while the next one comes. */
  private RowMemory.Lease roomForRows(List<Chunk> batch) {
    TableName first = leafOf(batch.get(0));
    long widest = 0;
    try {
      // no transaction stays open while this waits for room
      source.setAutoCommit(true);
      Set<TableName> large =
          new HashSet<>(
              Sql.list(
                  source,
                  MUCH_OUTSIDE,
                  row -> new TableName(row.getString(1), row.getString(2)),
                  names(batch, TableName::schema),
                  names(batch, TableName::table),
                  MANY_BYTES));
      for (Chunk chunk : batch) {
        TableName leaf = leafOf(chunk);
        if (large.contains(leaf)) {
          widest =
              Math.max(
                  widest,
                  RowWidth.widest(
                      source,
                      leaf,
                      "ONLY %s AS t".formatted(Identifiers.quote(leaf)),
                      "(%s) AND %s".formatted(tableOf(chunk).predicate(), chunk.condition())));
        }
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("measure the rows of", first.toString(), e);
    }
    return RowMemory.ofThisProcess().take(2 * widest, WorkScope.current()::isCancelled);
  }

  private Sql.BoundArray names(List<Chunk> batch, Function<TableName, String> name) {
    return Sql.array("text", batch.stream().map(this::leafOf).map(name).toList());
  }

  private void copy(List<Chunk> batch) {
    Map<Chunk, CopiedRange> copied = new LinkedHashMap<>();
    List<RangePart> parts = new ArrayList<>();
    boolean done = false;
    try {
      source.setAutoCommit(false);
      target.setAutoCommit(false);
      for (Chunk chunk : batch) {
        WorkScope.current().throwIfCancelled();
        RangePart part = new RangePart(storage, chunk.part(epoch));
        parts.add(part);
        copied.put(chunk, copy(chunk, part));
      }
      requireSameFiles(batch);
      WorkerPool.workThrough(
          "part", STORED_AT_A_TIME, WorkScope.current(), parts, number -> new PartStore());
      ChunkLedger.note(target, copied, epoch);
      DurableAct.COMMIT_ROWS.run(target::commit);
      source.commit();
      done = true;
    } catch (SQLException e) {
      throw PostgresFailures.translate("copy the rows of", leafOf(batch.get(0)).toString(), e);
    } finally {
      if (!done) {
        parts.forEach(part -> part.abandon());
        abort();
      }
    }
  }

  private CopiedRange copy(Chunk chunk, RangePart part) {
    TableName leaf = leafOf(chunk);
    try {
      CopyOut out =
          source
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut(copyOut(chunk, leaf, tableOf(chunk)));
      CopyIn in =
          target
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn(CopiedTable.copyIn(leaf, chunk.table().columns(), chunk.table().format()));
      return CopyPipe.run(out, in, part, rows -> progress.add(rows, leaf.toString()));
    } catch (SQLException e) {
      throw PostgresFailures.translate("copy the rows of", leaf.toString(), e);
    } catch (IOException e) {
      throw SnapshotFiles.failure(storage, chunk.part(epoch), SnapshotFiles.WRITTEN, e);
    }
  }

  /** Stores parts one after the other. */
  private static final class PartStore implements WorkerPool.Worker<RangePart> {
    @Override
    public void work(RangePart part) {
      part.store();
    }

    @Override
    public void close() {}
  }

  private TenantTable tableOf(Chunk chunk) {
    TenantTable table = tables.get(chunk.table().root());
    if (table == null) {
      throw new MigrationException(
          FailureType.SOURCE_CHANGED,
          ("The table %s was to be migrated when the copy began, and no longer is."
                  + " Start the migration again.")
              .formatted(chunk.table().root()));
    }
    return table;
  }

  private void interrupt() {
    try {
      // a query that finds no rows would not notice that nobody listens
      source.unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException e) {
      // the connection is gone already, or goes now
    } finally {
      abort();
    }
  }

  private void abort() {
    DatabaseAccess.abort(source);
    DatabaseAccess.abort(target);
  }

  private static String copyOut(Chunk chunk, TableName leaf, TenantTable table) {
    return "COPY (SELECT %s FROM ONLY %s AS t WHERE (%s) AND %s) TO STDOUT %s"
        .formatted(
            Identifiers.list("t", chunk.table().columns()),
            Identifiers.quote(leaf),
            table.predicate(),
            chunk.condition(),
            chunk.table().format().option());
  }

  /**
   * The ranges were read from the files that they were planned for: nothing rewrites them under the
   * fence. While the tenant works, a table that was rewritten is noted to be copied again as a
   * whole.
   */
  private void requireSameFiles(List<Chunk> batch) throws SQLException {
    Map<TableName, Long> files = new HashMap<>();
    Sql.forEach(
        source,
        FILES,
        row -> files.put(new TableName(row.getString(1), row.getString(2)), row.getLong(3)),
        names(batch, TableName::schema),
        names(batch, TableName::table));
    for (Chunk chunk : batch) {
      if (!Long.valueOf(chunk.table().filenode()).equals(files.get(leafOf(chunk)))) {
        if (rewritten.isPresent()) {
          rewritten.get().note(tableOf(chunk).name());
          continue;
        }
        throw new MigrationException(
            FailureType.STORE_ERROR,
            "The table %s was rewritten (VACUUM FULL, CLUSTER, ALTER TABLE) while it was copied;"
                    .formatted(leafOf(chunk))
                + " the next attempt copies it from its start.");
      }
    }
  }

  @Override
  public void close() {
    DatabaseAccess.closeQuietly(source);
    DatabaseAccess.closeQuietly(target);
  }
}
