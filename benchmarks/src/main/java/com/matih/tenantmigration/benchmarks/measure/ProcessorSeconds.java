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
    this(client, sharedServer, dedicatedServer, client + sharedServer + dedicatedServer);
  }

  ProcessorSeconds since(ProcessorSeconds earlier) {
    return new ProcessorSeconds(
        client - earlier.client,
        sharedServer - earlier.sharedServer,
        dedicatedServer - earlier.dedicatedServer);
  }
}
