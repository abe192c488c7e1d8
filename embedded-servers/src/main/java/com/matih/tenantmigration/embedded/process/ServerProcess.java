package com.matih.tenantmigration.embedded.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process behind one embedded server, from its launch to its end. */
public final class ServerProcess implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
  private static final int ATTEMPTS = 3;
  private static final int LINES_SHOWN = 20;
  private static final long POLL_MILLIS = 20;
  private static final Duration ORDERLY_END = Duration.ofSeconds(7);
  private static final Pattern PORT_TAKEN =
      Pattern.compile("address already in use|port \\S+ (is|was) already in use", 2);

  private final ServerFolder folder;
  private final String name;
  private final Path log;
  private final List<Integer> ports;
  private final Function<List<Integer>, Launch> launch;
  private Process process;
  private long startedAt;
  private Duration startTime = Duration.ZERO;

  private ServerProcess(
      ServerFolder folder,
      String name,
      List<Integer> ports,
      Function<List<Integer>, Launch> launch,
      Launch first)
      throws IOException {
    this.folder = folder;
    this.name = name;
    this.ports = ports;
    this.launch = launch;
    log = folder.log(name);
    startedAt = System.nanoTime();
    process = begin(first);
  }

  private Process begin(Launch launch) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(Detached.command(launch.command()))
            .directory(folder.path().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // what the JVM would print about these would be noise, and they could lift the heap's bound
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    builder.environment().putAll(launch.environment());
    Process begun = builder.start();
    folder.waitFor(begun.toHandle());
    return begun;
  }

  /**
   * Ends the server in its orderly way and launches it again on the same ports, with what it had
   * written; returns when it answers.
   *
   * @throws ServerStartException if it ends, or does not answer in time
   */
  void restart() {
    close();
    Launch next = launch.apply(ports);
    startedAt = System.nanoTime();
    try {
      process = begin(next);
    } catch (IOException e) {
      throw notLaunched(name, e);
    }
    String failure = awaitReady(next);
    if (!failure.isEmpty()) {
      close();
      throw ServerStartException.of(name, failure, log, lastLines());
    }
  }

  private static ServerStartException notLaunched(String name, IOException e) {
    return new ServerStartException(name + " could not be launched: " + e.getMessage(), e);
  }

  /**
   * Launches a server and waits until it answers; does so again on other ports where the log says
   * that one was taken.
   *
   * @param ports how many ports it needs
   * @param launch makes the launch for given ports
   * @throws ServerStartException if it ends, or does not answer in time
   */
  public static ServerProcess start(
      ServerFolder folder, String name, int ports, Function<List<Integer>, Launch> launch) {
    return start(folder, name, () -> Ports.free(ports), launch);
  }

  /** The same on the ports of one that ran before. */
  public static ServerProcess startAgain(
      ServerFolder folder,
      String name,
      List<Integer> ports,
      Function<List<Integer>, Launch> launch) {
    return start(folder, name, () -> ports, launch);
  }

  private static ServerProcess start(
      ServerFolder folder,
      String name,
      Supplier<List<Integer>> ports,
      Function<List<Integer>, Launch> launch) {
    for (int attempt = 1; ; attempt++) {
      List<Integer> free = ports.get();
      Launch next = launch.apply(free);
      ServerProcess server;
      try {
        server = new ServerProcess(folder, name, free, launch, next);
      } catch (IOException e) {
        throw notLaunched(name, e);
      }
      String failure = server.awaitReady(next);
      if (failure.isEmpty()) {
        return server;
      }
      server.close();
      List<String> lines = server.lastLines();
      boolean portTaken = lines.stream().anyMatch(line -> PORT_TAKEN.matcher(line).find());
      if (!portTaken || attempt == ATTEMPTS) {
        throw ServerStartException.of(name, failure, server.log, lines);
      }
      LOG.info("{} found its port taken, trying others", name);
    }
  }

  String name() {
    return name;
  }

  Path log() {
    return log;
  }

  int port(int index) {
    return ports.get(index);
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  Duration startTime() {
    return startTime;
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      end();
    }
    folder.ended(process.toHandle());
  }

  private String awaitReady(Launch launch) {
    long deadline = startedAt + launch.patience().toNanos();
    try {
      while (System.nanoTime() < deadline) {
        if (!process.isAlive()) {
          return "it ended with status " + process.exitValue();
        }
        if (launch.ready().getAsBoolean()) {
          startTime = Duration.ofNanos(System.nanoTime() - startedAt);
          return "";
        }
        Thread.sleep(POLL_MILLIS);
      }
      return "it did not answer within " + launch.patience().toSeconds() + " s";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "the wait for it was interrupted";
    }
  }

  private void end() {
    try {
      process.getOutputStream().close();
      if (process.waitFor(ORDERLY_END.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
      LOG.warn("{} did not end in {} s and is killed", name, ORDERLY_END.toSeconds());
    } catch (IOException e) {
      LOG.warn("{} could not be told to end and is killed", name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private List<String> lastLines() {
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
    } catch (IOException e) {
      return List.of("(its log cannot be read: " + e.getMessage() + ")");
    }
  }
}
