package com.matih.tenantmigration.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a benchmark ran, without anything that names the machine.
 *
 * @param cores how many this JVM may use
 * @param heapBytes how large this JVM's heap may become
 * @param processor its model; empty where the system does not tell it
 */
public record Machine(
    int cores,
    long memoryBytes,
    long heapBytes,
    String processor,
    String system,
    String jdk,
    String postgresql) {

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  /**
   * This machine.
   *
   * @param postgresql the servers' version
   */
  public static Machine here(String postgresql) {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize(),
        Runtime.getRuntime().maxMemory(),
        processorModel(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.version().toString(),
        postgresql);
  }

  private static String processorModel() {
    try {
      return Files.readAllLines(PROCESSORS, StandardCharsets.ISO_8859_1).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
