package com.matih.tenantmigration.activities.postgres.follow;

import com.matih.tenantmigration.activities.engine.Digests;
import com.matih.tenantmigration.activities.engine.snapshot.AbandonableOutput;
import com.matih.tenantmigration.activities.engine.snapshot.PartCompression;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedTable;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotFiles;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest.Change;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest.Part;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.jdbc.Sql;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Writes into the snapshot what all rounds have changed since the tables were copied. */
public final class ChangedRows {

  private final Connection target;
  private final SnapshotStorage storage;
  private final long epoch;

  /**
   * Changes as they stand in the dedicated database.
   *
   * @param epoch the attempt's, which its files are named after
   */
  public ChangedRows(Connection target, SnapshotStorage storage, long epoch) {
    this.target = target;
    this.storage = storage;
    this.epoch = epoch;
  }

  /** Writes the changes of all tables that have any. */
  public List<Change> write(List<FollowedTable> tables) {
    List<Change> changes = new ArrayList<>();
    for (FollowedTable table : tables) {
      try {
        write(table).ifPresent(changes::add);
      } catch (SQLException e) {
        throw PostgresFailures.translate("read the changes of", table.name().toString(), e);
      }
    }
    return changes;
  }

  private Optional<Change> write(FollowedTable table) throws SQLException {
    String changed = Identifiers.quote(table.changed());
    if (Sql.text(target, "SELECT to_regclass(?)::text", changed).isEmpty()) {
      return Optional.empty();
    }
    boolean replacesAll = RoundLedger.isReplaced(target, table);
    List<String> key = replacesAll ? List.of() : table.note().key();
    String name = "changes.%d.%d".formatted(epoch, table.number());
    Part gone =
        part(
            name + ".gone",
            "SELECT %s FROM %s WHERE %s"
                .formatted(
                    Identifiers.list(key), changed, replacesAll ? "false" : TargetRound.IS_GONE),
            table);
    Part rows =
        part(
            name + ".rows",
            "SELECT %s FROM %s WHERE NOT %s"
                .formatted(Identifiers.list(table.table().columns()), changed, TargetRound.IS_GONE),
            table);
    return gone.rows() + rows.rows() == 0 && !replacesAll
        ? Optional.empty()
        : Optional.of(
            new Change(
                CopiedTable.nameOf(table.name(), !table.table().inSharedSchema()),
                key,
                table.table().columns(),
                table.format(),
                gone,
                rows));
  }

  private Part part(String plainName, String query, FollowedTable table) throws SQLException {
    PartCompression compression = PartCompression.ofNewParts();
    String name = plainName + compression.suffix();
    CopyOut copy =
        target
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY (%s) TO STDOUT %s".formatted(query, table.format().option()));
    MessageDigest digest = Digests.sha256();
    long bytes = 0;
    OutputStream file = storage.write(name);
    boolean written = false;
    try (OutputStream compressed = compression.compress(file)) {
      for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
        compressed.write(message);
        digest.update(message);
        bytes += message.length;
      }
      compressed.close();
      written = true;
      return new Part(name, copy.getHandledRowCount(), bytes, Digests.hex(digest));
    } catch (IOException e) {
      throw SnapshotFiles.failure(storage, name, SnapshotFiles.WRITTEN, e);
    } finally {
      if (!written) {
        AbandonableOutput.abandon(file);
      }
    }
  }
}
