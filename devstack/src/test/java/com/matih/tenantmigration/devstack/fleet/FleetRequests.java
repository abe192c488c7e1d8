package com.matih.tenantmigration.devstack.fleet;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.devstack.clusters.Sides;
import com.matih.tenantmigration.devstack.sample.SampleRequests;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import com.matih.tenantmigration.workflow.request.validation.RequestReading;
import java.nio.file.Path;
import java.util.List;

/** Requests that move each tenant of a fleet to the same dedicated servers. */
final class FleetRequests {

  private final Sides sides;
  private final Path snapshots;
  private final String healthEndpoint;

  FleetRequests(Sides sides, Path snapshots, String healthEndpoint) {
    this.sides = sides;
    this.snapshots = snapshots;
    this.healthEndpoint = healthEndpoint;
  }

  MigrationRequest request(SampleTenant tenant) {
    String yaml =
        new SampleRequests(sides, snapshots).yaml(tenant, Isolation.ROWS, List.of(healthEndpoint));
    RequestReading reading =
        new RequestReader(new YAMLFactory()).read(yaml.replaceAll("(?m)^services:.*", ""));
    return reading
        .request()
        .orElseThrow(() -> new AssertionError(reading.problems().toString()))
        .in(Mode.OFFLINE);
  }
}
