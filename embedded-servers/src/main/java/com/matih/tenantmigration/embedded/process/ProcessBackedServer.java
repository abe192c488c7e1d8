package com.matih.tenantmigration.embedded.process;

import com.matih.tenantmigration.embedded.EmbeddedServer;
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

  @Override
  public final void close() {
    process.close();
  }

  protected final int port(int index) {
    return process.port(index);
  }
}
