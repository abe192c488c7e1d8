package com.matih.tenantmigration.devstack.outage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Workers of a stack, whose threads {@link FaultGate} can hold. */
final class WorkerProcesses implements AutoCloseable {

  private final OutageStack stack;
  private final Path gates;
  private final Path folder;
  private final Map<Long, StackWorker> running = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();

  /**
   * Starts nothing yet.
   *
   * @param gates for the gate's files
   * @param folder for the workers' own
   */
  WorkerProcesses(OutageStack stack, Path gates, Path folder) {
    this.stack = stack;
    this.gates = gates;
    this.folder = folder;
  }

  /** Starts one more, and returns when it is ready. */
  void start() throws IOException, InterruptedException {
    StackWorker worker =
        new StackWorker(
            stack,
            folder.resolve("worker-" + numbers.incrementAndGet()),
            List.of("-D%s=%s".formatted(FaultGate.FOLDER, gates)));
    running.put(worker.handle().pid(), worker);
  }

  /** Kills one, and starts another in its place. */
  void kill(long pid) throws IOException, InterruptedException {
    StackWorker killed = running.remove(pid);
    if (killed != null) {
      killed.kill();
      start();
    }
  }

  /** Has one stand still for a while. */
  void freeze(long pid, Duration length) throws IOException, InterruptedException {
    signal(pid, "STOP");
    try {
      Thread.sleep(length.toMillis());
    } finally {
      signal(pid, "CONT");
    }
  }

  /** One that was killed meanwhile gets none. */
  private static void signal(long pid, String name) throws IOException, InterruptedException {
    var unused = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
  }

  @Override
  public void close() {
    running.values().forEach(StackWorker::close);
  }
}
