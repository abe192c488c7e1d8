package com.matih.tenantmigration.activities.postgres.copy;

import com.matih.tenantmigration.activities.engine.Digests;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.snapshot.PartCompression;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedRange;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Units;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.function.LongConsumer;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * Passes what COPY reads on to a COPY that writes and, compressed, to the snapshot, in constant
 * memory.
 */
public final class CopyPipe {

  private static final int BUFFER = 1 << 16;

  private final CopyIn target;
  private final MessageDigest digest = Digests.sha256();
  private final LongConsumer progress;
  private final byte[] buffer = new byte[BUFFER];
  private int filled;
  private long bytes;
  private long messages;
  private long told;

  private CopyPipe(CopyIn target, LongConsumer progress) {
    this.target = target;
    this.progress = progress;
  }

  /**
   * Runs both to their ends and closes the part, which it does after a failure too.
   *
   * @param part takes what COPY reads, compressed as new parts are
   * @param progress takes numbers of rows that have gone through since it was last called
   * @throws MigrationException of type CONTENT_MISMATCH where not as many rows arrived as left
   */
  public static CopiedRange run(
      CopyOut source, CopyIn target, OutputStream part, LongConsumer progress)
      throws SQLException, IOException {
    return new CopyPipe(target, progress).run(source, part);
  }

  private CopiedRange run(CopyOut source, OutputStream part) throws SQLException, IOException {
    try (OutputStream compressed = PartCompression.ofNewParts().compress(part)) {
      pass(source, compressed);
    }
    long sent = source.getHandledRowCount();
    long arrived = target.endCopy();
    if (sent != arrived) {
      throw new MigrationException(
          FailureType.CONTENT_MISMATCH,
          "The shared database sent %s of a range, but %,d arrived."
              .formatted(Units.plural(sent, "row"), arrived));
    }
    tell(arrived);
    return new CopiedRange(arrived, bytes, Digests.hex(digest));
  }

  private void pass(CopyOut source, OutputStream compressed) throws SQLException, IOException {
    for (byte[] message = source.readFromCopy(); message != null; message = source.readFromCopy()) {
      messages++;
      if (filled + message.length > BUFFER) {
        pass(compressed, buffer, filled);
        filled = 0;
      }
      if (message.length > BUFFER) {
        pass(compressed, message, message.length);
      } else {
        System.arraycopy(message, 0, buffer, filled, message.length);
        filled += message.length;
      }
    }
    pass(compressed, buffer, filled);
  }

  private void pass(OutputStream compressed, byte[] data, int length)
      throws SQLException, IOException {
    WorkScope.current().readShared(length);
    target.writeToCopy(data, 0, length);
    digest.update(data, 0, length);
    compressed.write(data, 0, length);
    bytes += length;
    // the latest message may be the binary form's end instead of a row
    tell(messages - 1);
  }

  private void tell(long rows) {
    if (rows > told) {
      progress.accept(rows - told);
      told = rows;
    }
  }
}
