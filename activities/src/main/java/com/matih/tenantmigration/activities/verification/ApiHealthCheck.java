package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.controlplane.ServiceInstances;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * API_HEALTH: every service endpoint answers 200 on the live route.
 *
 * <p>Services follow the switch of the route a moment after it, so a wrong answer is asked for
 * again for ten seconds. An endpoint may still answer from the old route: unless all of the
 * request's services have acknowledged the new one, every endpoint must answer 200 twice in a row,
 * half a second apart.
 */
public final class ApiHealthCheck implements Check {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int IN_A_ROW = 2;

  private final Endpoints endpoints;
  private final Route route;
  private final Duration patience;

  public ApiHealthCheck(SecretResolver secrets, ServiceInstances services) {
    this(secrets, new AcknowledgedRoute(services), PATIENCE);
  }

  ApiHealthCheck(SecretResolver secrets, Route route, Duration patience) {
    this.endpoints = new Endpoints(secrets);
    this.route = route;
    this.patience = patience;
  }

  /** The tenant's route as it is now. */
  interface Route {

    /** Waits until the request's services follow it; answers whether all said so in time. */
    boolean awaitFollowed(MigrationContext context, Duration patience, ProgressMonitor monitor);
  }

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    List<String> addresses = context.request().verification().api();
    if (addresses.isEmpty()) {
      return Finding.notApplicable("the request names no endpoints");
    }
    monitor.update(new Progress(0, addresses.size(), "endpoints", "asking every endpoint"));
    long deadline = System.nanoTime() + patience.toNanos();
    int wanted = route.awaitFollowed(context, PAUSE, monitor) ? 1 : IN_A_ROW;
    int inARow = 0;
    while (true) {
      Map<String, String> wrong = endpoints.ask(addresses);
      inARow = wrong.isEmpty() ? inARow + 1 : 0;
      if (inARow == wanted || (inARow == 0 && System.nanoTime() > deadline)) {
        Finding finding = new Finding();
        finding.compared(addresses.size());
        wrong.forEach((address, answer) -> finding.mismatch(address + " " + answer));
        return finding;
      }
      monitor.pause(PAUSE);
    }
  }
}
