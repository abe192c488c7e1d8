package com.matih.tenantmigration.activities.postgres.client;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.ProgressMonitor.Registration;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket that a work's cancel closes, whatever goes on over it, and whose traffic counts as the
 * work's progress.
 */
final class ScopedSocket extends Socket {

  private static final Logger log = LoggerFactory.getLogger(ScopedSocket.class);

  private final ProgressMonitor work;
  private volatile @Nullable Registration registration;

  private ScopedSocket(ProgressMonitor work) {
    this.work = work;
  }

  /** A socket that is not connected yet; closed already where the work was cancelled. */
  static ScopedSocket of(ProgressMonitor work) {
    ScopedSocket socket = new ScopedSocket(work);
    socket.registration = work.onCancel(socket::breakOff);
    return socket;
  }

  /** The socket below TLS: closing TLS itself would wait for the peer. */
  private void breakOff() {
    try {
      super.close();
    } catch (IOException e) {
      log.debug("the connection was broken already", e);
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        int read = super.read();
        work.moved();
        return read;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        work.moved();
        return read;
      }

      @Override
      public void close() throws IOException {
        ScopedSocket.this.close();
      }
    };
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new FilterOutputStream(super.getOutputStream()) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        work.moved();
      }

      @Override
      public void close() throws IOException {
        ScopedSocket.this.close();
      }
    };
  }

  /**
   * Not synchronized: a cancel that closes it at the moment, and is waited for, must get through.
   */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public void close() throws IOException {
    Registration registered = registration;
    if (registered != null) {
      registered.close();
    }
    super.close();
  }
}
