package com.matih.tenantmigration.activities.postgres.restore;

import com.matih.tenantmigration.activities.engine.Digests;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.engine.snapshot.PartCompression;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedTable;
import com.matih.tenantmigration.activities.postgres.ledger.RowProgress;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotFiles;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest.Part;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest.Table;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Loads parts of a snapshot, each in a transaction that commits only what was once written. */
public final class PartLoader implements WorkerPool.Worker<PartLoader.TablePart> {

  private static final int BUFFER = 1 << 16;

  private final Connection target;
  private final Function<String, TableName> destination;
  private final SnapshotStorage storage;
  private final RowProgress progress;

  /**
   * A loader.
   *
   * @param destination the table that takes the rows of the table of that name
   */
  public PartLoader(
      Connection target,
      Function<String, TableName> destination,
      SnapshotStorage storage,
      RowProgress progress) {
    this.target = target;
    this.destination = destination;
    this.storage = storage;
    this.progress = progress;
  }

  /** A part, and the table it belongs to. */
  public record TablePart(Table table, Part part) {}

  @Override
  public void work(TablePart item) {
    TableName name = destination.apply(item.table().table());
    try (InputStream stored = storage.read(item.part().name());
        InputStream plain = PartCompression.plain(item.part().name(), stored)) {
      target.setAutoCommit(false);
      CopyIn copy =
          target
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn(CopiedTable.copyIn(name, item.table().columns(), item.table().format()));
      long rows = load(plain, copy, item.part());
      target.commit();
      progress.add(rows, name.toString());
    } catch (IOException e) {
      throw SnapshotFiles.unreadable(storage, item.part().name(), e);
    } catch (SQLException e) {
      throw PostgresFailures.translate("load the rows of", name.toString(), e);
    }
  }

  private long load(InputStream plain, CopyIn copy, Part part) throws IOException, SQLException {
    MessageDigest digest = Digests.sha256();
    byte[] buffer = new byte[BUFFER];
    long bytes = 0;
    for (int read = plain.read(buffer); read >= 0; read = plain.read(buffer)) {
      copy.writeToCopy(buffer, 0, read);
      digest.update(buffer, 0, read);
      bytes += read;
    }
    if (bytes != part.bytes() || !Digests.hex(digest).equals(part.sha256())) {
      copy.cancelCopy();
      throw SnapshotFiles.damaged(storage, part.name());
    }
    long rows = copy.endCopy();
    if (rows != part.rows()) {
      throw SnapshotFiles.damaged(storage, part.name());
    }
    return rows;
  }

  @Override
  public void close() {
    DatabaseAccess.closeQuietly(target);
  }
}
