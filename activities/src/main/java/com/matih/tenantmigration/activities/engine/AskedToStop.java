package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;

/**
 * Tells the end of a work that was asked to stop from the failure of a look at a store: a plan
 * writes the one down as a refusal and goes on, and not the other, which says nothing of the store.
 */
public final class AskedToStop {

  private AskedToStop() {}

  /**
   * Lets a failure pass that says something of what was looked at.
   *
   * @throws MigrationException the failure, where the work was asked to stop
   */
  public static void rethrow(MigrationException failure) {
    if (failure.type() == FailureType.CANCELLED || failure.type() == FailureType.WORKER_STOPPING) {
      throw failure;
    }
  }

  /**
   * The same for a failure that is about to become a finding: a broken connection is none as long
   * as the look is tried again.
   */
  public static void rethrowUnlessFinding(MigrationException failure) {
    rethrow(failure);
    if (failure.type() == FailureType.STORE_UNREACHABLE && WorkScope.current().isTriedAgain()) {
      throw failure;
    }
  }
}
