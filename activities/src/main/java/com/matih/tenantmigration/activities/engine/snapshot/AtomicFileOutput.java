package com.matih.tenantmigration.activities.engine.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a file under another name and gives it its own, all on disk, when it is closed; a write
 * that failed leaves nothing.
 */
final class AtomicFileOutput extends AbandonableOutput {

  private static final Logger log = LoggerFactory.getLogger(AtomicFileOutput.class);

  private final Path unfinished;
  private final Path file;
  private final FileChannel channel;
  private boolean failed;
  private boolean closed;

  AtomicFileOutput(Path unfinished, Path file) throws IOException {
    this.unfinished = unfinished;
    this.file = file;
    this.channel = FileChannel.open(unfinished, StandardOpenOption.WRITE);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (channel) {
      if (!failed) {
        channel.force(true);
      }
    } catch (IOException e) {
      failed = true;
      throw e;
    } finally {
      if (failed) {
        Files.deleteIfExists(unfinished);
      }
    }
    if (!failed) {
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncFolder();
    }
  }

  @Override
  public void abandon() {
    if (closed) {
      return;
    }
    closed = true;
    try (channel) {
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      log.warn("an unfinished file of a snapshot stays behind: {}", unfinished, e);
    }
  }

  /** The new name itself must outlive a loss of power; some file systems cannot open folders. */
  private void syncFolder() throws IOException {
    Path folder = file.getParent();
    if (folder != null && folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
        opened.force(true);
      }
    }
  }
}
