package com.matih.tenantmigration.activities.postgres.restore;

import com.matih.tenantmigration.activities.engine.Digests;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.engine.snapshot.PartCompression;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotFiles;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest.Part;
import com.matih.tenantmigration.activities.postgres.sql.LargeObjects;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;

/** Creates the large objects of a snapshot's part, in a transaction that commits all or none. */
final class LargeObjectLoader implements WorkerPool.Worker<Part> {

  private final Connection target;
  private final SnapshotStorage storage;

  LargeObjectLoader(Connection target, SnapshotStorage storage) {
    this.target = target;
    this.storage = storage;
  }

  @Override
  public void work(Part part) {
    MessageDigest digest = Digests.sha256();
    try (InputStream stored = storage.read(part.name());
        DataInputStream input =
            new DataInputStream(
                new DigestInputStream(PartCompression.plain(part.name(), stored), digest))) {
      target.setAutoCommit(false);
      for (long object = 0; object < part.rows(); object++) {
        load(input, part);
      }
      if (input.read() >= 0 || !Digests.hex(digest).equals(part.sha256())) {
        throw SnapshotFiles.damaged(storage, part.name());
      }
      target.commit();
    } catch (IOException e) {
      throw SnapshotFiles.unreadable(storage, part.name(), e);
    } catch (SQLException e) {
      throw PostgresFailures.translate("load the large objects of", part.name(), e);
    }
  }

  private void load(DataInputStream input, Part part) throws IOException, SQLException {
    long number = input.readLong();
    if (number <= 0 || number > 0xFFFF_FFFFL) {
      throw SnapshotFiles.damaged(storage, part.name());
    }
    LargeObjects.create(target, number);
    long offset = 0;
    for (int length = input.readInt(); length != 0; length = input.readInt()) {
      WorkScope.current().throwIfCancelled();
      if (length < 0 || length > LargeObjects.PIECE) {
        throw SnapshotFiles.damaged(storage, part.name());
      }
      LargeObjects.write(target, number, offset, input.readNBytes(length));
      offset += length;
    }
  }

  @Override
  public void close() {
    DatabaseAccess.closeQuietly(target);
  }
}
