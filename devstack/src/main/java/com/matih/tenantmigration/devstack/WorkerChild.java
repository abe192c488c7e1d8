package com.matih.tenantmigration.devstack;

import com.matih.tenantmigration.embedded.process.Detached;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The devstack's worker in a process of its own, so that it can be killed and started again. */
public final class WorkerChild implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration ORDERLY_END = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** Has a JVM that runs out of memory end at once and say so; the launchers have the same. */
  static final List<String> END_WITHOUT_MEMORY =
      List.of(
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:OnOutOfMemoryError=echo 'tenant-migration: the worker ran out of memory and ends"
              + " with exit code 3. Temporal gives its work to another worker or to its next start."
              + " Give it more memory (-Xmx), or lower limits.bulkActivities.' >&2");

  private final Process process;
  private final Path pidFile;
  private final Path log;
  private final WorkerFile file;
  private @Nullable WorkerLoss loss;

  private WorkerChild(Process process, Path pidFile, Path log, WorkerFile file) {
    this.process = process;
    this.pidFile = pidFile;
    this.log = log;
    this.file = file;
  }

  /**
   * Starts the worker of a devstack and waits until it is ready to work.
   *
   * @throws DevstackException where it ends or does not become ready
   */
  public static WorkerChild start(Devstack devstack) {
    return start(
        devstack, "worker", devstack.settings().workerConfiguration(), devstack.workerFile());
  }

  /**
   * Starts one more worker, on a port of its own.
   *
   * @param name what its configuration and its log are called
   * @throws DevstackException where it ends or does not become ready
   */
  public static WorkerChild startAnother(Devstack devstack, String name) {
    WorkerFile file = devstack.newWorkerFile();
    Path configuration = devstack.settings().directory().resolve(name + ".yaml");
    try {
      Files.writeString(configuration, file.yaml());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + configuration, e);
    }
    return start(devstack, name, configuration, file);
  }

  private static WorkerChild start(
      Devstack devstack, String name, Path configuration, WorkerFile file) {
    Path directory = devstack.settings().directory();
    Path log = devstack.settings().logs().resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(
                Detached.command(
                    List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        END_WITHOUT_MEMORY.get(0),
                        END_WITHOUT_MEMORY.get(1),
                        GuardedWorker.class.getName(),
                        "worker",
                        "--config",
                        configuration.toString())))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    lead(builder.environment(), devstack.environment());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    try {
      WorkerChild child =
          new WorkerChild(builder.start(), directory.resolve(name + ".pid"), log, file);
      child.awaitReady(file.readiness(), log);
      Files.writeString(child.pidFile, child.process.pid() + "\n");
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException("the worker cannot be started", e);
    }
  }

  /** Has what leads to Temporal come from the devstack alone, and all else from both. */
  static void lead(Map<String, String> inherited, Map<String, String> devstack) {
    inherited.keySet().removeIf(variable -> variable.startsWith("TEMPORAL_"));
    inherited.putAll(devstack);
  }

  private void awaitReady(String readiness, Path log) {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(readiness)).timeout(Duration.ofSeconds(10)).build();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (process.isAlive() && System.nanoTime() < deadline) {
        if (answersReady(http, request)) {
          return;
        }
        Thread.sleep(PAUSE.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    throw new DevstackException("The worker did not become ready; see " + log);
  }

  private static boolean answersReady(HttpClient http, HttpRequest request)
      throws InterruptedException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Has the terminal told when the worker ends before it is {@link #close closed}. */
  void tellLoss(WorkerLoss toTell) {
    loss = toTell;
    var unused = toTell.watch(process);
  }

  /** The worker's process. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** What the worker has printed. */
  public Path log() {
    return log;
  }

  /** Where the worker's metrics are served. */
  public String metricsAddress() {
    return file.metricsAddress();
  }

  /** Asks the worker to end and waits for it; kills it where that takes too long. */
  @Override
  public void close() {
    if (loss != null) {
      loss.expected();
    }
    process.destroy();
    try {
      if (!process.waitFor(ORDERLY_END.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Files.deleteIfExists(pidFile);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + pidFile, e);
    }
  }
}
