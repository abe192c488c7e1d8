package com.matih.tenantmigration.activities.postgres.restore;

import com.matih.tenantmigration.activities.engine.Digests;
import com.matih.tenantmigration.activities.engine.snapshot.PartCompression;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.ledger.CopyFormat;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotFiles;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest.Part;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Loads parts of a snapshot into tables, and proves that they are what was written. */
final class PartReader {

  private static final int BUFFER = 1 << 16;

  private final Connection target;
  private final SnapshotStorage storage;

  PartReader(Connection target, SnapshotStorage storage) {
    this.target = target;
    this.storage = storage;
  }

  /**
   * Loads a part; the caller commits.
   *
   * @param table quoted
   * @return how many rows it has
   * @throws com.matih.tenantmigration.workflow.MigrationException of type CONTENT_MISMATCH where
   *     the part is damaged
   */
  long load(Part part, String table, List<String> columns, CopyFormat format) throws SQLException {
    try (InputStream stored = storage.read(part.name());
        InputStream plain = PartCompression.plain(part.name(), stored)) {
      CopyIn copy =
          target
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn(
                  "COPY %s (%s) FROM STDIN %s"
                      .formatted(table, Identifiers.list(columns), format.option()));
      return load(plain, copy, part);
    } catch (IOException e) {
      throw SnapshotFiles.unreadable(storage, part.name(), e);
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
}
