package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.devstack.GuardedWorker;
import com.matih.tenantmigration.embedded.process.Detached;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Workers of a stack in processes of their own, whose threads {@link FaultGate} can hold. */
final class WorkerProcesses implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final OutageStack stack;
  private final Path folder;
  private final Path logs;
  private final Map<Long, Process> running = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();

  /**
   * Starts nothing yet.
   *
   * @param folder for the gate's files, and the configurations
   */
  WorkerProcesses(OutageStack stack, Path folder, Path logs) {
    this.stack = stack;
    this.logs = logs;
    this.folder = folder;
  }

  /** Starts one more, and returns when it is ready. */
  void start() throws IOException, InterruptedException {
    String name = "worker-" + numbers.incrementAndGet();
    int port = freePort();
    Path configuration = folder.resolve(name + ".yaml");
    Files.writeString(configuration, stack.configuration(port));
    ProcessBuilder builder =
        new ProcessBuilder(
                Detached.command(
                    List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-D%s=%s".formatted(FaultGate.FOLDER, folder),
                        GuardedWorker.class.getName(),
                        "worker",
                        "--config",
                        configuration.toString())))
            .redirectErrorStream(true)
            .redirectOutput(logs.resolve(name + ".log").toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("TEMPORAL_"));
    builder.environment().putAll(stack.environment());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();
    running.put(process.pid(), process);
    awaitReady(process, port, logs.resolve(name + ".log"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitReady(Process process, int port, Path log) throws InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/readyz".formatted(port)))
            .timeout(Duration.ofSeconds(10))
            .build();
    Instant deadline = Instant.now().plus(PATIENCE);
    while (process.isAlive() && Instant.now().isBefore(deadline)) {
      try {
        if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // it does not listen yet
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("a worker did not become ready; see " + log);
  }

  /** Kills one, and starts another in its place. */
  void kill(long pid) throws IOException, InterruptedException {
    Process killed = running.remove(pid);
    if (killed != null) {
      killed.destroyForcibly().waitFor();
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

  private static void signal(long pid, String name) throws IOException, InterruptedException {
    var unused = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
  }

  @Override
  public void close() {
    running.values().forEach(Process::destroy);
    for (Process each : running.values()) {
      try {
        if (!each.waitFor(20, TimeUnit.SECONDS)) {
          var unused = each.destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        each.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
