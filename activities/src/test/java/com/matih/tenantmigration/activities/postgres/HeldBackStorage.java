package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Holds the first part back before anything is written to it. */
final class HeldBackStorage implements SnapshotStorage {

  private final SnapshotStorage storage;
  private final AtomicBoolean held = new AtomicBoolean();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  HeldBackStorage(SnapshotStorage storage) {
    this.storage = storage;
  }

  @Override
  public String location() {
    return storage.location();
  }

  @Override
  public OutputStream write(String name) {
    OutputStream output = storage.write(name);
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        if (held.compareAndSet(false, true)) {
          reached.countDown();
          await();
        }
        output.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        output.close();
      }
    };
  }

  /** Waits until the first part is written to; false where nobody does. */
  boolean awaitReached() throws InterruptedException {
    return reached.await(20, TimeUnit.SECONDS);
  }

  void letGo() {
    goOn.countDown();
  }

  private void await() throws IOException {
    try {
      goOn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public InputStream read(String name) {
    return storage.read(name);
  }

  @Override
  public boolean exists(String name) {
    return storage.exists(name);
  }
}
