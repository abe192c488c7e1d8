package com.matih.tenantmigration.devstack.fleet;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.devstack.clusters.Sides;
import com.matih.tenantmigration.devstack.sample.SampleRequests;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.devstack.sample.SampleTopic;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import com.matih.tenantmigration.workflow.request.validation.RequestReading;
import java.nio.file.Path;
import java.util.List;

/**
 * Requests that move each tenant of a fleet to the same dedicated servers, under names of its own;
 * the dedicated caches are the Redis' databases.
 */
final class FleetRequests {

  private final Sides sides;
  private final Path snapshots;
  private final String healthEndpoint;

  FleetRequests(Sides sides, Path snapshots, String healthEndpoint) {
    this.sides = sides;
    this.snapshots = snapshots;
    this.healthEndpoint = healthEndpoint;
  }

  /** The name of a tenant's own topic. */
  static String topic(SampleTenant tenant, SampleTopic topic) {
    return tenant.id() + "-" + topic.dedicatedName();
  }

  /** The name of a tenant's own index. */
  static String index(SampleTenant tenant) {
    return tenant.id() + "-queries";
  }

  MigrationRequest request(SampleTenant tenant) {
    String own = "to: " + tenant.id() + "-";
    String yaml =
        new SampleRequests(sides, snapshots)
            .yaml(tenant, Isolation.ROWS, List.of(healthEndpoint))
            .replace("to: ENTERPRISE", "TO: ENTERPRISE")
            .replace("to: ", own)
            .replace("TO: ENTERPRISE", "to: ENTERPRISE")
            .replace(
                sides.dedicated().redisUri(), sides.dedicated().redisUri() + "/" + tenant.number());
    RequestReading reading = new RequestReader(new YAMLFactory()).read(yaml);
    return reading.request().orElseThrow(() -> new AssertionError(reading.problems().toString()));
  }
}
