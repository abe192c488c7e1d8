package com.matih.tenantmigration.devstack;

import com.matih.tenantmigration.devstack.sample.SampleSize;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.nio.file.Path;
import java.util.Optional;

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

  /** The address in the variable {@code TEMPORAL_ADDRESS}. */
  public static Optional<String> temporalAddressOfEnvironment() {
    return Optional.ofNullable(System.getenv("TEMPORAL_ADDRESS")).filter(text -> !text.isBlank());
  }

  /** The folder of the logs. */
  public Path logs() {
    return directory.resolve("logs");
  }

  Path snapshots() {
    return directory.resolve("snapshots");
  }

  /** The worker's configuration file. */
  public Path workerConfiguration() {
    return directory.resolve("worker.yaml");
  }
}
