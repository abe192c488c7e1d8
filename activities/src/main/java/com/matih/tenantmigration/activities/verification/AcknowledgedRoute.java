package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.controlplane.ServiceInstances;
import com.matih.tenantmigration.controlplane.ServiceInstances.ServiceState;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.time.Duration;

/** Services follow a route when each of their instances has acknowledged its configuration. */
final class AcknowledgedRoute implements ApiHealthCheck.Route {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final ServiceInstances instances;

  AcknowledgedRoute(ServiceInstances instances) {
    this.instances = instances;
  }

  @Override
  public boolean awaitFollowed(
      MigrationContext context, Duration patience, ProgressMonitor monitor) {
    MigrationRequest request = context.request();
    if (request.services().isEmpty()) {
      return false;
    }
    long begun = System.nanoTime();
    while (true) {
      if (instances.of(request.tenant(), request.services(), request.settle()).stream()
          .allMatch(ServiceState::hasStopped)) {
        return true;
      }
      if (System.nanoTime() - begun >= patience.toNanos()) {
        return false;
      }
      monitor.pause(BETWEEN_LOOKS);
    }
  }
}
