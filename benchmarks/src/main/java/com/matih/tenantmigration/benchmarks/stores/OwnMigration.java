package com.matih.tenantmigration.benchmarks.stores;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import com.matih.tenantmigration.workflow.request.validation.RequestReading;
import java.util.concurrent.atomic.AtomicInteger;

/** The migrations that our contenders run, each of which has a number of its own. */
public final class OwnMigration {

  /** The key that marks what is the tenant's. */
  public static final String TENANT = "acme";

  private static final AtomicInteger MIGRATIONS = new AtomicInteger();

  private OwnMigration() {}

  /**
   * A new migration, offline.
   *
   * @param stores the request's part for its stores, as YAML
   */
  public static MigrationContext of(StoreServers servers, String stores) {
    RequestReading reading =
        new RequestReader(new YAMLFactory())
            .read(
                """
                tenant: %s
                tier: {from: STARTER, to: ENTERPRISE}
                mode: offline
                snapshot: {location: "file:%s"}
                """
                        .formatted(TENANT, servers.folder())
                    + stores);
    return new MigrationContext(
        "%012x".formatted(MIGRATIONS.incrementAndGet()),
        "tenant-migration-benchmark",
        "run",
        reading
            .request()
            .orElseThrow(
                () ->
                    new BenchmarkException(
                        "The benchmark's request is wrong: " + reading.problems())));
  }
}
