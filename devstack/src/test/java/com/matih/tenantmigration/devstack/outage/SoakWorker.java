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
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A worker in a process of its own, and what that process holds. */
final class SoakWorker implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int HEAP_MEGABYTES = 512;
  private static final Pattern LIVE = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
  private static final Pattern METASPACE = Pattern.compile("Metaspace .*used (\\d+)K");
  private static final Pattern THREAD = Pattern.compile("^\"(.*)\" #\\d+ ", Pattern.MULTILINE);

  private final Path folder;
  private final Path log;
  private final int port;
  private final Process process;

  /** Starts it and waits until it takes work; what it leaves lies in the folder. */
  SoakWorker(OutageStack stack, Path folder) throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    this.log = folder.resolve("worker.log");
    this.port = freePort();
    Path file = folder.resolve("worker.yaml");
    Files.writeString(file, stack.configuration(port));
    ProcessBuilder builder =
        new ProcessBuilder(
                JvmCommand.of(
                    folder,
                    HEAP_MEGABYTES,
                    List.of(),
                    Main.class.getName(),
                    List.of("worker", "--config", file.toString())))
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

  private String get(String path) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .build();
    try {
      var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(path + " answered " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is in use, in KiB: of the heap by what lives, and of the metaspace. */
  record Memory(long heap, long metaspace) {}

  Memory memory() throws InterruptedException {
    // what finalizers and cleaners release is collected by the next
    var unused = jcmd("GC.run");
    // collects and counts at once; what is in use moments later has garbage in it
    Matcher live = LIVE.matcher(jcmd("GC.class_histogram"));
    Matcher metaspace = METASPACE.matcher(jcmd("GC.heap_info"));
    if (!live.find() || !metaspace.find()) {
      throw new IllegalStateException("the JVM does not tell what it uses");
    }
    return new Memory(Long.parseLong(live.group(1)) / 1_024, Long.parseLong(metaspace.group(1)));
  }

  /** How many threads it has of each kind: by their names, numbers aside. */
  Map<String, Long> threads() throws InterruptedException {
    Map<String, Long> threads = new TreeMap<>();
    THREAD
        .matcher(jcmd("Thread.print"))
        .results()
        .map(found -> found.group(1).replaceAll("[0-9a-f]{8,}|\\d+", "#"))
        .filter(name -> !name.contains("CompilerThread"))
        .forEach(name -> threads.merge(name, 1L, Long::sum));
    return threads;
  }

  /** Its open file descriptors, by kind. */
  Map<String, Long> descriptors() {
    Map<String, Long> kinds = new TreeMap<>();
    try (Stream<Path> open = Files.list(Path.of("/proc", String.valueOf(process.pid()), "fd"))) {
      open.forEach(
          descriptor -> {
            String kind = kind(descriptor);
            if (!kind.isEmpty()) {
              kinds.merge(kind, 1L, Long::sum);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return kinds;
  }

  private static String kind(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("/") ? "file" : target.replaceAll(":.*", "");
    } catch (IOException e) {
      // it was closed meanwhile
      return "";
    }
  }

  /** Of the whole process, in KiB. */
  long resident() {
    try (Stream<String> lines =
        Files.lines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Files and folders in its place for temporary ones. */
  List<String> temporaryFiles() {
    try (Stream<Path> files = Files.walk(folder.resolve("tmp"))) {
      return files.skip(1).map(Path::toString).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Programs that it has started and that still run. */
  long children() {
    return process.descendants().count();
  }

  /** How many time series it exports. */
  long series() throws InterruptedException {
    return get("/metrics").lines().filter(line -> !line.startsWith("#")).count();
  }

  /** Writes down what the figures are made of, for whoever asks what has grown. */
  void keepDetails(int round) throws InterruptedException {
    try {
      Files.writeString(
          folder.resolve("round-%03d.txt".formatted(round)),
          "%s%n%s%n%s%n%s%n%s"
              .formatted(
                  threads(),
                  descriptors(),
                  temporaryFiles(),
                  jcmd("GC.class_histogram"),
                  get("/metrics")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines of its log that tell of something that was not given back. */
  List<String> complaints() {
    return log().lines().filter(line -> line.contains("LEAK") || line.contains(" leak")).toList();
  }

  private String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String jcmd(String command) throws InterruptedException {
    try {
      Process jcmd =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  String.valueOf(process.pid()),
                  command)
              .redirectErrorStream(true)
              .start();
      String answer = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (jcmd.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + answer);
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
