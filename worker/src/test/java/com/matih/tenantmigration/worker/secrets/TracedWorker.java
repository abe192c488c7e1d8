package com.matih.tenantmigration.worker.secrets;

import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms.Programs;
import com.matih.tenantmigration.embedded.process.JvmCommand;
import com.matih.tenantmigration.worker.WorkerMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A worker in a process of its own that logs all that its libraries can say. PostgreSQL's programs
 * are scripts that note what they were started with and then become the programs.
 */
final class TracedWorker implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern ADDRESS =
      Pattern.compile("metrics and health at (http://[^\\s\"]+)");

  private static final String PROGRAM =
      """
      #!/bin/sh
      cat /proc/$$/environ > '%1$s/%2$s.'$$.environ
      cat /proc/$$/cmdline > '%1$s/%2$s.'$$.cmdline
      while [ -e '%1$s/hold-%2$s' ]; do : > '%1$s/held-%2$s'; sleep 0.05; done
      exec '%3$s' "$@"
      """;

  private final Path folder;
  private final Process process;
  private final Path log;
  private String address = "";

  /**
   * Starts one and waits until it is ready.
   *
   * @param folder has its temporary files, its log and what its programs note
   */
  TracedWorker(Path folder, String configuration, Map<String, String> variables)
      throws IOException {
    this.folder = folder;
    Files.createDirectories(programs());
    Programs real = new ClientPrograms().atLeast(1);
    write(programs(), real.pgDump());
    write(programs(), real.pgRestore());
    write(programs(), real.pgRestore().resolveSibling("psql"));
    Path file = Files.writeString(folder.resolve("worker.yaml"), configuration);
    log = folder.resolve("worker.log");
    Path levels = Path.of("src", "test", "resources", "traced-worker").toAbsolutePath();
    ProcessBuilder builder =
        new ProcessBuilder(
                JvmCommand.of(
                    folder,
                    512,
                    List.of(
                        "-Dlogback.configurationFile=" + levels.resolve("logback.xml"),
                        "-Djava.util.logging.config.file=" + levels.resolve("logging.properties")),
                    WorkerMain.class.getName(),
                    List.of("worker", "--config", file.toString())))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> !name.equals("HOME") && !name.equals("PATH"));
    environment.compute("PATH", (name, path) -> programs() + ":" + path);
    environment.putAll(JvmCommand.withOwnClassPath());
    environment.putAll(variables);
    process = builder.directory(Files.createDirectories(temporaryFolder()).toFile()).start();
    try {
      await().atMost(PATIENCE).until(() -> !process.isAlive() || isReady());
    } catch (RuntimeException e) {
      // it would take the work of others' migrations
      process.destroyForcibly();
      throw e;
    }
    if (!process.isAlive()) {
      throw new IllegalStateException(Files.readString(log));
    }
  }

  private Path programs() {
    return folder.resolve("programs");
  }

  private void write(Path programs, Path program) throws IOException {
    Path script = programs.resolve(program.getFileName());
    Files.writeString(
        script, PROGRAM.formatted(programs.toString(), program.getFileName(), program));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private boolean isReady() {
    try {
      if (address.isEmpty()) {
        Matcher told = ADDRESS.matcher(Files.readString(log));
        if (!told.find()) {
          return false;
        }
        address = told.group(1);
      }
      return get("/readyz").startsWith("ready");
    } catch (IOException e) {
      return false;
    }
  }

  private String get(String path) throws IOException {
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(URI.create(address + path)).build(), BodyHandlers.ofString())
          .body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String metrics() throws IOException {
    return get("/metrics");
  }

  Path log() {
    return log;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Has each further start of a program wait. */
  void hold(String program) throws IOException {
    Files.writeString(programs().resolve("hold-" + program), "");
  }

  void awaitHeld(String program) {
    Path held = programs().resolve("held-" + program);
    await().atMost(PATIENCE).until(() -> Files.exists(held));
  }

  void release(String program) throws IOException {
    Files.deleteIfExists(programs().resolve("hold-" + program));
  }

  /** What its programs were started with. */
  List<Path> noted(String ending) throws IOException {
    List<Path> files = new ArrayList<>();
    try (var all = Files.newDirectoryStream(programs(), "*." + ending)) {
      all.forEach(files::add);
    }
    return files;
  }

  /** The folder of its temporary files. */
  Path temporaryFolder() {
    return folder.resolve("tmp");
  }

  /** As {@code kill -9} does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }

  static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
