package com.matih.tenantmigration.activities.postgres.copy;

import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.activities.engine.snapshot.AbandonableOutput;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A part of the snapshot in the making: kept in memory while it is small, so that several can be
 * stored side by side once all of them are whole. Storing one waits for the disk or the bucket a
 * few times, whatever its size.
 */
final class RangePart extends AbandonableOutput {

  /** A larger one is written while it comes. */
  private static final int MOST_IN_MEMORY = 256 << 10;

  private final SnapshotStorage storage;
  private final String name;
  private ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private @Nullable OutputStream file;

  RangePart(SnapshotStorage storage, String name) {
    this.storage = storage;
    this.name = name;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (file == null && begun.size() + length <= MOST_IN_MEMORY) {
      begun.write(bytes, offset, length);
    } else {
      file().write(bytes, offset, length);
    }
  }

  private OutputStream file() throws IOException {
    OutputStream open = file;
    if (open == null) {
      open = storage.write(name);
      file = open;
      begun.writeTo(open);
      begun = new ByteArrayOutputStream();
    }
    return open;
  }

  /** All of it has come; it is there once it is {@link #store stored}. */
  @Override
  public void close() {}

  /** Writes what is not written, and has it stay. */
  void store() {
    try {
      DurableAct.STORE_PART.run(() -> file().close());
    } catch (IOException e) {
      throw SnapshotFiles.failure(storage, name, SnapshotFiles.WRITTEN, e);
    }
  }

  @Override
  public void abandon() {
    if (file != null) {
      AbandonableOutput.abandon(file);
    }
  }
}
