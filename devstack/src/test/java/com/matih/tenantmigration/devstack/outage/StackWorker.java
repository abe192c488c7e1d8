package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.devstack.Main;
import com.matih.tenantmigration.embedded.process.JvmCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A worker of a stack in a process of its own, which can be killed. */
final class StackWorker implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int HEAP_MEGABYTES = 512;

  private final Path log;
  private final int port;
  private final Process process;

  /**
   * Starts it and waits until it takes work.
   *
   * @param folder for its configuration, its log and its temporary files
   * @param options of its JVM
   */
  StackWorker(OutageStack stack, Path folder, List<String> options)
      throws IOException, InterruptedException {
    Path own = Files.createDirectories(folder).toAbsolutePath();
    log = own.resolve("worker.log");
    port = freePort();
    Path configuration = own.resolve("worker.yaml");
    Files.writeString(configuration, stack.configuration(port));
    ProcessBuilder builder =
        new ProcessBuilder(
                JvmCommand.of(
                    own,
                    HEAP_MEGABYTES,
                    options,
                    Main.class.getName(),
                    List.of("worker", "--config", configuration.toString())))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(JvmCommand.withOwnClassPath());
    builder.environment().putAll(stack.environment());
    process = builder.start();
    awaitReady();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() throws InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!isReady()) {
      if (!process.isAlive() || Instant.now().isAfter(deadline)) {
        process.destroyForcibly();
        throw new IllegalStateException("the worker did not become ready: " + log());
      }
      Thread.sleep(200);
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      var unused = get("/readyz");
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** What it answers, such as its metrics. */
  String get(String path) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .build();
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(path + " answered " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it at once, in the middle of what it does. */
  void kill() throws InterruptedException {
    var unused = process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
