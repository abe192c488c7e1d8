package com.matih.tenantmigration.benchmarks.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Processor seconds of a process in user and kernel mode together, with those of its children that
 * have ended and were waited for, as proc(5) has them in {@code /proc/PID/stat}. Linux only.
 */
final class ProcessorTime {

  /** USER_HZ, the unit of these figures, is 100 on all architectures that a JDK exists for. */
  private static final double TICKS_PER_SECOND = 100;

  /**
   * utime, the 14th field; stime, cutime and cstime come next. State, the 3rd, is the first here.
   */
  private static final int USER_TIME = 11;

  private static final int ATTEMPTS = 10;

  private ProcessorTime() {}

  /** Whether this system tells processor seconds. */
  static boolean isKnown() {
    return Files.isReadable(stat("self"));
  }

  /** Of this JVM and of the programs that it ran. */
  static double ofThisProcess() {
    return of("self")
        .orElseThrow(() -> new BenchmarkException("/proc/self/stat could not be read"));
  }

  /**
   * Of a server that has a process for each session, those that run included.
   *
   * @param pid the process that the others are children of
   */
  static double ofServer(long pid) {
    String server = String.valueOf(pid);
    double own = requireServer(server);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double running =
          ProcessHandle.of(pid).stream()
              .flatMap(ProcessHandle::children)
              .mapToDouble(child -> of(String.valueOf(child.pid())).orElse(0.0))
              .sum();
      double ownAfterwards = requireServer(server);
      // else a child may have ended meanwhile, and would be counted twice or not at all
      if (own == ownAfterwards) {
        return own + running;
      }
      own = ownAfterwards;
    }
    throw new BenchmarkException(
        "The sessions of the server with process %d do not come to rest.".formatted(pid));
  }

  private static double requireServer(String pid) {
    return of(pid)
        .orElseThrow(
            () -> new BenchmarkException("The server with process %s has ended.".formatted(pid)));
  }

  private static Optional<Double> of(String pid) {
    try {
      String line = Files.readString(stat(pid), StandardCharsets.ISO_8859_1);
      // the name before it is in parentheses and may hold anything
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      long ticks = 0;
      for (int field = USER_TIME; field < USER_TIME + 4; field++) {
        ticks += Long.parseLong(fields[field]);
      }
      return Optional.of(ticks / TICKS_PER_SECOND);
    } catch (IOException e) {
      // it has ended
      return Optional.empty();
    }
  }

  private static Path stat(String pid) {
    return Path.of("/proc", pid, "stat");
  }
}
