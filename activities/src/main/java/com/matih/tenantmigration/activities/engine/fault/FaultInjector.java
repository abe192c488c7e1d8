package com.matih.tenantmigration.activities.engine.fault;

/**
 * Lets something go wrong at fault points. Found as a service on the class path; nothing that is
 * shipped provides one.
 */
public interface FaultInjector {

  /**
   * Called by the thread that has come to a point, which then waits, fails with what this throws,
   * or dies with its process. Its logging context names tenant and migration.
   */
  void reached(FaultPoint point);
}
