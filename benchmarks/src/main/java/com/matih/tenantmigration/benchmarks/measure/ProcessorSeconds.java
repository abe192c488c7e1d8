package com.matih.tenantmigration.benchmarks.measure;

/**
 * Processor seconds of a step.
 *
 * @param client of this JVM and of the programs that it ran
 * @param total of all three
 */
public record ProcessorSeconds(
    double client, double sharedServer, double dedicatedServer, double total) {

  ProcessorSeconds(double client, double sharedServer, double dedicatedServer) {
    this(
        client, sharedServer, dedicatedServer, hundredths(client + sharedServer + dedicatedServer));
  }

  ProcessorSeconds since(ProcessorSeconds earlier) {
    return new ProcessorSeconds(
        hundredths(client - earlier.client),
        hundredths(sharedServer - earlier.sharedServer),
        hundredths(dedicatedServer - earlier.dedicatedServer));
  }

  ProcessorSeconds plus(ProcessorSeconds next) {
    return new ProcessorSeconds(
        hundredths(client + next.client),
        hundredths(sharedServer + next.sharedServer),
        hundredths(dedicatedServer + next.dedicatedServer));
  }

  /** The unit in which the system counts; the digits behind are what binary fractions add. */
  private static double hundredths(double seconds) {
    return Math.round(seconds * 100) / 100.0;
  }
}
