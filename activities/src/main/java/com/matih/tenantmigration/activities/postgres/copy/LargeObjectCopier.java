package com.matih.tenantmigration.activities.postgres.copy;

import com.matih.tenantmigration.activities.engine.Digests;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.engine.snapshot.PartCompression;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.LargeObjectColumns;
import com.matih.tenantmigration.activities.postgres.catalog.LargeObjectColumns.LargeObjectColumn;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.ledger.LargeObjectLedger;
import com.matih.tenantmigration.activities.postgres.ledger.LargeObjectLedger.Page;
import com.matih.tenantmigration.activities.postgres.ledger.LargeObjectLedger.Part;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotFiles;
import com.matih.tenantmigration.activities.postgres.sql.LargeObjects;
import com.matih.tenantmigration.workflow.report.Progress;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Copies the large objects that the tenant's rows refer to, under their numbers, so that the rows
 * stay as they are; the same read also writes them to the snapshot.
 *
 * <p>The ledger lists each object once, however many rows name it. A few of them are committed
 * together with the note that they have arrived.
 */
final class LargeObjectCopier {

  /** A transaction ends after so many bytes, so that an interrupted copy does not lose more. */
  private static final long BYTES_TOGETHER = 64L << 20;

  private static final int NOTED_TOGETHER = 10_000;

  private final DatabaseAccess source;
  private final DatabaseAccess target;
  private final long epoch;
  private final SnapshotStorage storage;
  private final ProgressMonitor monitor;
  private final AtomicLong copied = new AtomicLong();

  LargeObjectCopier(
      DatabaseAccess source,
      DatabaseAccess target,
      long epoch,
      SnapshotStorage storage,
      ProgressMonitor monitor) {
    this.source = source;
    this.target = target;
    this.epoch = epoch;
    this.storage = storage;
    this.monitor = monitor;
  }

  /** Copies what has not arrived. */
  void copy(List<TenantTable> tables, int parallelism) {
    List<LargeObjectColumn> columns =
        source.look(
            "large objects",
            "look for columns of large objects in",
            "the tenant's tables",
            connection -> LargeObjectColumns.of(connection, tables));
    if (columns.isEmpty()) {
      return;
    }
    plan(columns);
    List<Page> pending =
        target.read(
            "read ledger",
            "read the ledger of",
            "the dedicated database",
            LargeObjectLedger::pending);
    WorkerPool.workThrough(
        "large-objects",
        parallelism,
        monitor,
        pending,
        number -> {
          Connection from = source.open("copy objects " + number);
          boolean complete = false;
          try {
            Connection to = target.openForWrites(Ledger.writing(epoch, "copy objects " + number));
            complete = true;
            return new Copier(from, to);
          } finally {
            if (!complete) {
              DatabaseAccess.closeQuietly(from);
            }
          }
        });
  }

  /** Notes what is to be copied, as the source's rows say it now. */
  private void plan(List<LargeObjectColumn> columns) {
    String session = Ledger.writing(epoch, "plan objects");
    target.change(
        session,
        "prepare the ledger of",
        "the dedicated database",
        connection -> {
          Ledger.requireCurrent(connection, epoch);
          LargeObjectLedger.create(connection);
        });
    try (Connection from = source.open("plan objects");
        Connection to = target.openForWrites(session)) {
      from.setAutoCommit(false);
      from.setReadOnly(true);
      to.setAutoCommit(false);
      try (PreparedStatement query =
          from.prepareStatement(LargeObjectColumns.referenced(columns))) {
        query.setFetchSize(NOTED_TOGETHER);
        try (ResultSet rows = query.executeQuery()) {
          List<Long> numbers = new ArrayList<>();
          boolean isMore = true;
          while (isMore) {
            isMore = rows.next();
            if (isMore) {
              numbers.add(rows.getLong(1));
            }
            if (numbers.size() == NOTED_TOGETHER || (!isMore && !numbers.isEmpty())) {
              monitor.throwIfCancelled();
              LargeObjectLedger.plan(to, numbers);
              Ledger.requireCurrent(to, epoch);
              to.commit();
              numbers.clear();
            }
          }
        }
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("list the large objects of", "the tenant's tables", e);
    }
  }

  /** One session of each side. */
  private final class Copier implements WorkerPool.Worker<Page> {

    private final Connection from;
    private final Connection to;

    Copier(Connection from, Connection to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public void work(Page page) {
      try (ProgressMonitor.Registration registration =
          WorkScope.current().onCancel(this::interrupt)) {
        to.setAutoCommit(false);
        List<Long> pending = LargeObjectLedger.pending(to, page);
        while (!pending.isEmpty()) {
          WorkScope.current().awaitShared();
          pending = pending.subList(copySome(pending), pending.size());
        }
      } catch (SQLException e) {
        throw PostgresFailures.translate("copy large objects of", "the tenant", e);
      }
    }

    /** How many of them, from the first on, are copied and committed. */
    private int copySome(List<Long> numbers) throws SQLException {
      PartCompression compression = PartCompression.ofNewParts();
      String name =
          "large-objects/%010d.%d%s".formatted(numbers.get(0), epoch, compression.suffix());
      RangePart part = new RangePart(storage, name);
      MessageDigest digest = Digests.sha256();
      int count = 0;
      boolean done = false;
      try {
        long bytes = 0;
        try (DataOutputStream output =
            new DataOutputStream(new DigestOutputStream(compression.compress(part), digest))) {
          while (count < numbers.size() && bytes < BYTES_TOGETHER) {
            bytes += copy(numbers.get(count), output);
            count++;
          }
        }
        part.store();
        LargeObjectLedger.note(
            to,
            numbers.subList(0, count),
            new Part(name, count, bytes, Digests.hex(digest)),
            epoch);
        to.commit();
        done = true;
      } catch (IOException e) {
        throw SnapshotFiles.failure(storage, name, SnapshotFiles.WRITTEN, e);
      } finally {
        if (!done) {
          part.abandon();
          interrupt();
        }
      }
      copied.addAndGet(count);
      monitor.update(new Progress(copied.get(), -1, "large objects", "copying large objects"));
      return count;
    }

    /**
     * In the part an object is its number and its pieces, each after its length; 0 ends it.
     *
     * @return how many bytes that is
     */
    private long copy(long number, DataOutputStream output) throws SQLException, IOException {
      LargeObjects.create(to, number);
      output.writeLong(number);
      long written = Long.BYTES + Integer.BYTES;
      long offset = 0;
      byte[] piece = LargeObjects.read(from, number, offset);
      while (piece.length > 0) {
        WorkScope.current().throwIfCancelled();
        monitor.moved();
        WorkScope.current().readShared(piece.length);
        LargeObjects.write(to, number, offset, piece);
        output.writeInt(piece.length);
        output.write(piece);
        written += Integer.BYTES + piece.length;
        offset += piece.length;
        piece =
            piece.length < LargeObjects.PIECE
                ? new byte[0]
                : LargeObjects.read(from, number, offset);
      }
      output.writeInt(0);
      return written;
    }

    private void interrupt() {
      DatabaseAccess.abort(from);
      DatabaseAccess.abort(to);
    }

    @Override
    public void close() {
      DatabaseAccess.closeQuietly(from);
      DatabaseAccess.closeQuietly(to);
    }
  }
}
