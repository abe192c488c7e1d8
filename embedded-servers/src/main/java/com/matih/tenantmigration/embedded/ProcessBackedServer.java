package com.matih.tenantmigration.embedded;

import java.nio.file.Path;
import java.time.Duration;

/** What all servers answer from the one process behind them. */
abstract class ProcessBackedServer implements EmbeddedServer {

  /** The address that all servers listen on. */
  static final String HOST = "127.0.0.1";

  private final ServerProcess process;

  ProcessBackedServer(ServerProcess process) {
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

  final int port(int index) {
    return process.port(index);
  }
}
