package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.time.Duration;

/**
 * Makes a check when the services have had as long as they may take to learn of a change.
 *
 * @param check what is made then
 */
public record AfterSettle(Check check) implements Check {

  private static final Duration BETWEEN_SIGNS_OF_LIFE = Duration.ofSeconds(1);

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    long begun = System.nanoTime();
    Duration left = context.request().settle();
    while (!left.isNegative() && !left.isZero()) {
      monitor.pause(left.compareTo(BETWEEN_SIGNS_OF_LIFE) < 0 ? left : BETWEEN_SIGNS_OF_LIFE);
      monitor.moved();
      left = context.request().settle().minusNanos(System.nanoTime() - begun);
    }
    return check.run(context, monitor);
  }
}
