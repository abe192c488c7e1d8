package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.engine.Digests;
import com.matih.tenantmigration.activities.engine.snapshot.AbandonableOutput;
import com.matih.tenantmigration.activities.engine.snapshot.PartCompression;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.SnapshotFile;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;

/** Moves whole files between the worker's machine and a snapshot, with their digests. */
public final class SnapshotFiles {

  public static final String WRITTEN = "written";
  public static final String READ = "read";

  private SnapshotFiles() {}

  /** Writes a local file into the snapshot. */
  static SnapshotFile store(SnapshotStorage storage, String name, Path file) {
    MessageDigest digest = Digests.sha256();
    OutputStream output = storage.write(name);
    boolean written = false;
    try (InputStream input = new DigestInputStream(Files.newInputStream(file), digest)) {
      input.transferTo(output);
      output.close();
      written = true;
      return new SnapshotFile(name, Digests.hex(digest));
    } catch (IOException e) {
      throw failure(storage, name, WRITTEN, e);
    } finally {
      if (!written) {
        AbandonableOutput.abandon(output);
      }
    }
  }

  /**
   * Reads a file of the snapshot into a local one.
   *
   * @throws MigrationException of type CONTENT_MISMATCH where it is not what was written
   */
  static void fetch(SnapshotStorage storage, SnapshotFile file, Path into) {
    MessageDigest digest = Digests.sha256();
    try (InputStream input = new DigestInputStream(storage.read(file.name()), digest)) {
      Files.copy(input, into);
    } catch (IOException e) {
      throw failure(storage, file.name(), READ, e);
    }
    if (!Digests.hex(digest).equals(file.sha256())) {
      throw damaged(storage, file.name());
    }
  }

  public static MigrationException damaged(SnapshotStorage storage, String name) {
    return new MigrationException(
        FailureType.CONTENT_MISMATCH,
        "The file %s of the snapshot %s is damaged: its SHA-256 does not match the manifest."
            .formatted(name, storage.location()));
  }

  /** What reading a compressed part threw: the part is damaged, or the storage failed. */
  public static MigrationException unreadable(SnapshotStorage storage, String name, IOException e) {
    return PartCompression.tellsDamage(e)
        ? damaged(storage, name)
        : failure(storage, name, READ, e);
  }

  /**
   * What a stream of a snapshot threw.
   *
   * @param what {@link #WRITTEN} or {@link #READ}
   */
  public static MigrationException failure(
      SnapshotStorage storage, String name, String what, IOException e) {
    return new MigrationException(
        storage.typeOf(e, what.equals(WRITTEN)),
        "The file %s of the snapshot %s could not be %s (%s). Check that the storage can be reached"
                .formatted(name, storage.location(), what, e.getClass().getSimpleName())
            + " and has room.",
        e);
  }
}
