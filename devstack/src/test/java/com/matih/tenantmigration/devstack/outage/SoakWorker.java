package com.matih.tenantmigration.devstack.outage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A worker in a process of its own, and what that process holds. */
final class SoakWorker implements AutoCloseable {

  private static final Pattern LIVE = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
  private static final Pattern METASPACE = Pattern.compile("Metaspace .*used (\\d+)K");
  private static final Pattern THREAD = Pattern.compile("^\"(.*)\" #\\d+ ", Pattern.MULTILINE);

  private final Path folder;
  private final StackWorker worker;

  /** Starts it and waits until it takes work; what it leaves lies in the folder. */
  SoakWorker(OutageStack stack, Path folder) throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    // a full collection else leaves garbage where it lies, as arrays that count as live
    this.worker = new StackWorker(stack, folder, List.of("-XX:MarkSweepDeadRatio=0"));
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
    try (Stream<Path> open =
        Files.list(Path.of("/proc", String.valueOf(worker.handle().pid()), "fd"))) {
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
        Files.lines(Path.of("/proc", String.valueOf(worker.handle().pid()), "status"))) {
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
    return worker.handle().descendants().count();
  }

  /** How many time series it exports. */
  long series() throws InterruptedException {
    return worker.get("/metrics").lines().filter(line -> !line.startsWith("#")).count();
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
                  worker.get("/metrics")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines of its log that tell of something that was not given back. */
  List<String> complaints() {
    return worker
        .log()
        .lines()
        .filter(line -> line.contains("LEAK") || line.contains(" leak"))
        .toList();
  }

  private String jcmd(String command) throws InterruptedException {
    try {
      Process jcmd =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  String.valueOf(worker.handle().pid()),
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
  public void close() {
    worker.close();
  }
}
