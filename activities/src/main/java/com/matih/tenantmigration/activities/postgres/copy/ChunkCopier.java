package com.matih.tenantmigration.activities.postgres.copy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor.Registration;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.engine.snapshot.AbandonableOutput;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
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
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * Copies ranges one after the other over a connection to each side, each range in one transaction
 * together with the note that it arrived.
 *
 * <p>The snapshot's part is closed before that transaction commits, so a range that the ledger
 * knows has its part.
 */
final class ChunkCopier implements WorkerPool.Worker<Chunk> {

  /** The bytes that lie outside of a table's own blocks: all that a large row has. */
  private static final String OUTSIDE_BYTES =
      "SELECT pg_relation_size(reltoastrelid) FROM pg_class"
          + " WHERE oid = ?::text::regclass AND reltoastrelid <> 0";

  /** Below it the rows are not measured: they are small beside what each session holds anyway. */
  private static final long MANY_BYTES = 1L << 20;

  private final Connection source;
  private final Connection target;
  private final long epoch;
  private final SnapshotStorage storage;
  private final Map<String, TenantTable> tables;
  private final RowProgress progress;

  /**
   * A copier that closes the connections.
   *
   * @param tables the tables that move, by name, partitioned ones by their roots
   */
  ChunkCopier(
      Connection source,
      Connection target,
      long epoch,
      SnapshotStorage storage,
      Map<String, TenantTable> tables,
      RowProgress progress) {
    this.source = source;
    this.target = target;
    this.epoch = epoch;
    this.storage = storage;
    this.tables = Map.copyOf(tables);
    this.progress = progress;
  }

  @Override
  public void work(Chunk chunk) {
    TenantTable table = tableOf(chunk);
    TableName leaf = CopiedTable.tableOf(chunk.table().table(), table.name().schema());
    try (Registration onCancel = WorkScope.current().onCancel(this::interrupt);
        RowMemory.Lease lease = roomForRows(chunk, leaf, table)) {
      copy(chunk, leaf, table);
    }
  }

  /** The driver has one row in memory while the next one comes. */
  private RowMemory.Lease roomForRows(Chunk chunk, TableName leaf, TenantTable table) {
    long widest = 0;
    try {
      // no transaction stays open while this waits for room
      source.setAutoCommit(true);
      if (outsideBytes(leaf) > MANY_BYTES) {
        widest =
            RowWidth.widest(
                source,
                leaf,
                "ONLY %s AS t".formatted(Identifiers.quote(leaf)),
                "(%s) AND %s".formatted(table.predicate(), chunk.condition()));
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("measure the rows of", leaf.toString(), e);
    }
    return RowMemory.ofThisProcess().take(2 * widest, WorkScope.current()::isCancelled);
  }

  private long outsideBytes(TableName leaf) throws SQLException {
    return Sql.first(source, OUTSIDE_BYTES, row -> row.getLong(1), Identifiers.quote(leaf))
        .orElse(0L);
  }

  private void copy(Chunk chunk, TableName leaf, TenantTable table) {
    OutputStream part = storage.write(chunk.part(epoch));
    boolean done = false;
    try {
      source.setAutoCommit(false);
      target.setAutoCommit(false);
      CopyOut out =
          source.unwrap(PGConnection.class).getCopyAPI().copyOut(copyOut(chunk, leaf, table));
      CopyIn in =
          target
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn(CopiedTable.copyIn(leaf, chunk.table().columns(), chunk.table().format()));
      CopiedRange copied = CopyPipe.run(out, in, part, rows -> progress.add(rows, leaf.toString()));
      requireSameFile(chunk, leaf);
      ChunkLedger.note(target, chunk, copied, epoch);
      target.commit();
      source.commit();
      done = true;
    } catch (SQLException e) {
      throw PostgresFailures.translate("copy the rows of", leaf.toString(), e);
    } catch (IOException e) {
      throw SnapshotFiles.failure(storage, chunk.part(epoch), SnapshotFiles.WRITTEN, e);
    } finally {
      if (!done) {
        AbandonableOutput.abandon(part);
        abort();
      }
    }
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

  /** The range was read from the file that it was planned for: nothing can rewrite it meanwhile. */
  private void requireSameFile(Chunk chunk, TableName leaf) throws SQLException {
    long filenode =
        Sql.number(
            source, "SELECT pg_relation_filenode(?::text::regclass)", Identifiers.quote(leaf));
    if (filenode != chunk.table().filenode()) {
      throw new MigrationException(
          FailureType.STORE_ERROR,
          "The table %s was rewritten (VACUUM FULL, CLUSTER, ALTER TABLE) while it was copied;"
                  .formatted(leaf)
              + " the next attempt copies it from its start.");
    }
  }

  @Override
  public void close() {
    DatabaseAccess.closeQuietly(source);
    DatabaseAccess.closeQuietly(target);
  }
}
