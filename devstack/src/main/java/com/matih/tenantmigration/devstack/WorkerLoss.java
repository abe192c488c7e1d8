package com.matih.tenantmigration.devstack;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Tells the person at the terminal of a worker that ended although nobody asked it to. */
final class WorkerLoss {

  private final Terminal terminal;
  private final Path directory;
  private final Path log;
  private volatile boolean expected;

  WorkerLoss(Terminal terminal, Path directory, Path log) {
    this.terminal = terminal;
    this.directory = directory;
    this.log = log;
  }

  /**
   * Waits for the end of the worker's process, on a thread of its own.
   *
   * @return completed once the person has been told of the end, or it was no loss
   */
  CompletableFuture<Void> watch(Process process) {
    return process.onExit().thenAccept(this::tell);
  }

  /** From now on its end is no loss. */
  void expected() {
    expected = true;
  }

  private void tell(Process ended) {
    if (!expected) {
      terminal.line(
          "The worker has ended (exit code %d); its log is %s. Another one: set -a; . %s; set +a; bin/tenant-migration worker --config %s"
              .formatted(
                  ended.exitValue(),
                  log,
                  directory.resolve("devstack.env"),
                  directory.resolve("worker.yaml")));
    }
  }
}
