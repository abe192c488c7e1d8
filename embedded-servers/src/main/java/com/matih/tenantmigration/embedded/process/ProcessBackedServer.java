package com.matih.tenantmigration.embedded.process;

import com.matih.tenantmigration.embedded.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What all servers answer from the one process behind them. */
public abstract class ProcessBackedServer implements EmbeddedServer {

  /** The address that all servers listen on. */
  public static final String HOST = "127.0.0.1";

  private final ServerProcess process;

  public ProcessBackedServer(ServerProcess process) {
    this.process = process;
  }

  @Override
  public final String name() {
    return process.name();
  }

  @Override
  public final Path log() {
    return process.log();
  }

  @Override
  public final ProcessHandle process() {
    return process.handle();
  }

  @Override
  public final Duration startTime() {
    return process.startTime();
  }

  /**
   * Ends the server in its orderly way and starts it again on the same ports, with what it had
   * written to its files; returns when it answers. Redis writes nothing and is empty then.
   *
   * @throws ServerStartException if it does not come up
   */
  public void restart() {
    process.restart();
  }

  @Override
  public final void close() {
    process.close();
  }

  /** Removes the mark by which a server says that it is ready, which an earlier start has left. */
  protected static Path withoutMark(Path ready) {
    try {
      Files.deleteIfExists(ready);
      return ready;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + ready, e);
    }
  }

  protected final int port(int index) {
    return process.port(index);
  }
}
