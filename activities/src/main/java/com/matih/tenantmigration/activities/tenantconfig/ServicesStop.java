package com.matih.tenantmigration.activities.tenantconfig;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.controlplane.ServiceInstances;
import com.matih.tenantmigration.controlplane.ServiceInstances.ServiceState;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Acknowledged;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Waits until services have stopped writing for a tenant that became read-only. One that does not
 * say so costs the request's whole settle time, which is what a migration waits for without it.
 */
final class ServicesStop {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final ServiceInstances instances;

  ServicesStop(ServiceInstances instances) {
    this.instances = instances;
  }

  /** Waits; answers a warning for each service that has not said that it stopped. */
  Acknowledged await(MigrationContext context, ProgressMonitor monitor) {
    MigrationRequest request = context.request();
    long begun = System.nanoTime();
    while (true) {
      List<ServiceState> states =
          instances.of(request.tenant(), request.services(), request.settle());
      List<ServiceState> writing = states.stream().filter(one -> !one.hasStopped()).toList();
      if (writing.isEmpty()) {
        return new Acknowledged(List.of());
      }
      if (System.nanoTime() - begun >= request.settle().toNanos()) {
        return new Acknowledged(writing.stream().map(ServicesStop::warning).toList());
      }
      monitor.update(
          new Progress(
              (long) states.size() - writing.size(),
              states.size(),
              "services",
              "waiting for "
                  + writing.stream().map(ServiceState::service).collect(Collectors.joining(", "))));
      monitor.pause(BETWEEN_LOOKS);
    }
  }

  private static Warning warning(ServiceState state) {
    String why;
    if (!state.writing().isEmpty()) {
      why =
          "did not acknowledge that the tenant is read-only (instances %s)"
              .formatted(state.writing());
    } else if (!state.lost().isEmpty()) {
      why = "has instances whose lease ended without a word (%s)".formatted(state.lost());
    } else {
      why = "is not known to the control plane: no instance of it holds a lease";
    }
    return new Warning(
        StoreName.TENANT,
        state.service(),
        "The service %s. The whole settle time was waited for; late writes are searched for before the cutover."
            .formatted(why));
  }
}
