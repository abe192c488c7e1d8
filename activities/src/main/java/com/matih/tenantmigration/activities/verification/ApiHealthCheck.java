package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * API_HEALTH: every service endpoint answers 200 on the live route.
 *
 * <p>Services follow the switch of the route a moment after it, so a wrong answer is asked for
 * again for ten seconds; and since an endpoint may still answer from the old route, all of them
 * must answer 200 twice in a row, half a second apart.
 */
public final class ApiHealthCheck implements Check {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int IN_A_ROW = 2;

  private final Endpoints endpoints;
  private final Duration patience;

  public ApiHealthCheck(SecretResolver secrets) {
    this(secrets, PATIENCE);
  }

  ApiHealthCheck(SecretResolver secrets, Duration patience) {
    this.endpoints = new Endpoints(secrets);
    this.patience = patience;
  }

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    List<String> addresses = context.request().verification().api();
    if (addresses.isEmpty()) {
      return Finding.notApplicable("the request names no endpoints");
    }
    monitor.update(new Progress(0, addresses.size(), "endpoints", "asking every endpoint"));
    long deadline = System.nanoTime() + patience.toNanos();
    int inARow = 0;
    while (true) {
      Map<String, String> wrong = endpoints.ask(addresses);
      inARow = wrong.isEmpty() ? inARow + 1 : 0;
      if (inARow == IN_A_ROW || (inARow == 0 && System.nanoTime() > deadline)) {
        Finding finding = new Finding();
        finding.compared(addresses.size());
        wrong.forEach((address, answer) -> finding.mismatch(address + " " + answer));
        return finding;
      }
      monitor.pause(PAUSE);
    }
  }
}
