package com.matih.tenantmigration.devstack;

import com.matih.tenantmigration.devstack.sample.SampleSize;
import com.matih.tenantmigration.starter.TemporalService;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a devstack is set up.
 *
 * @param directory where its environment, requests, configuration, snapshots and logs go
 * @param sample how much the sample tenants have; empty for no sample
 * @param isolation which form of the database serves the sample tenants
 * @param temporalAddress a Temporal service that runs already; empty to start one
 */
public record DevstackSettings(
    Path directory,
    Optional<SampleSize> sample,
    Isolation isolation,
    Optional<String> temporalAddress) {

  /**
   * The address of the Temporal that the environment chooses: in {@code TEMPORAL_ADDRESS}, or in
   * the profile that {@code TEMPORAL_PROFILE} or {@code TEMPORAL_CONFIG_FILE} names. A profile that
   * merely lies in the user's home chooses nothing: a demo does not go to production by accident.
   */
  public static Optional<String> temporalAddressOfEnvironment() {
    return temporalAddress(System.getenv());
  }

  static Optional<String> temporalAddress(Map<String, String> environment) {
    boolean chosen =
        Stream.of("TEMPORAL_ADDRESS", "TEMPORAL_PROFILE", "TEMPORAL_CONFIG_FILE")
            .anyMatch(name -> !environment.getOrDefault(name, "").isBlank());
    return chosen ? TemporalService.address(environment) : Optional.empty();
  }

  /** The folder of the logs. */
  public Path logs() {
    return directory.resolve("logs");
  }

  /** The folder of files that requests may refer to. */
  Path secrets() {
    return directory.resolve("secrets");
  }

  Path snapshots() {
    return directory.resolve("snapshots");
  }

  /** The worker's configuration file. */
  public Path workerConfiguration() {
    return directory.resolve("worker.yaml");
  }
}
