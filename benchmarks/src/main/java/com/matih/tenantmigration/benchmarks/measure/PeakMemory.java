package com.matih.tenantmigration.benchmarks.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The most memory that this process had resident at a time, as proc(5) has it. Linux only. */
final class PeakMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path RESET = Path.of("/proc/self/clear_refs");
  private static final String PEAK = "VmHWM:";

  private PeakMemory() {}

  /**
   * Begins anew, where the kernel lets a process do that; else the peak is that since its start.
   */
  static void reset() {
    try {
      Files.writeString(RESET, "5");
    } catch (IOException e) {
      // some containers forbid it, and the figure is then too high rather than too low
      return;
    }
  }

  /** In bytes; empty where the system does not tell. */
  static Optional<Long> bytes() {
    if (!Files.isReadable(STATUS)) {
      return Optional.empty();
    }
    try {
      return Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1).stream()
          .filter(line -> line.startsWith(PEAK))
          .map(line -> line.replaceAll("\\D", ""))
          .map(kilobytes -> Long.parseLong(kilobytes) * 1024)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
