package com.matih.tenantmigration.benchmarks.stores;

import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.workflow.MigrationContext;

/** Lets engines remove what they made: nobody is served from the benchmark's servers. */
public final class OwnDatabase implements RemovalGuard {

  @Override
  public <T, E extends Exception> T removing(
      MigrationContext context, String what, Removal<T, E> removal) throws E {
    return removal.run();
  }

  @Override
  public <E extends Exception> void beginAnew(MigrationContext context, String what, Act<E> removal)
      throws E {
    removal.run();
  }
}
