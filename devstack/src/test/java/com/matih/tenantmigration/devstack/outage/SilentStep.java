package com.matih.tenantmigration.devstack.outage;

import org.jspecify.annotations.Nullable;

/**
 * One case: a store falls silent at a stage of one tenant's migration, and an operator steers.
 *
 * @param store {@code null} for the control plane
 */
record SilentStep(@Nullable Store store, Stage stage, Cell.Act act) {

  /** Whether the tenant can only come back once what is silent answers again. */
  boolean holdsTheTenant() {
    return store == null || store == Store.SHARED_POSTGRES;
  }

  @Override
  public String toString() {
    return "%-23s %-12s %-6s".formatted(store == null ? "CONTROL_PLANE" : store, stage, act);
  }
}
