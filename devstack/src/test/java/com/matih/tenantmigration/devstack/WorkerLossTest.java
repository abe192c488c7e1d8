package com.matih.tenantmigration.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the devstack's window says when the worker's process is gone. */
class WorkerLossTest {

  private static final long SECONDS = 30;

  private final StringWriter window = new StringWriter();
  private final WorkerLoss loss =
      new WorkerLoss(
          new Terminal(new PrintWriter(window)), Path.of("/d"), Path.of("/d/logs/worker.log"));

  @Test
  void aWorkerThatIsKilledIsToldInOneLineWithItsLogAndHowToHaveAnother() throws Exception {
    Process process = sleeping();
    CompletableFuture<Void> told = loss.watch(process);

    process.destroyForcibly();

    told.get(SECONDS, TimeUnit.SECONDS);
    assertThat(window.toString())
        .hasLineCount(1)
        .contains("The worker has ended (exit code 137)", "/d/logs/worker.log")
        .contains(". /d/devstack.env;", "bin/tenant-migration worker --config /d/worker.yaml");
  }

  @Test
  void aWorkerThatIsAskedToEndIsNoLoss() throws Exception {
    Process process = sleeping();
    CompletableFuture<Void> told = loss.watch(process);

    loss.expected();
    process.destroy();

    told.get(SECONDS, TimeUnit.SECONDS);
    assertThat(window.toString()).isEmpty();
  }

  private static Process sleeping() throws IOException {
    return new ProcessBuilder("sleep", "60").start();
  }
}
