package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.MigrationContext;

/**
 * Lets something on the dedicated side be removed only while it is proven that no tenant is served
 * from it.
 *
 * <p>Whatever removes anything there goes through it, in the very step that removes: what was
 * proven before says nothing about now. A removal that takes long is cut into portions of seconds,
 * each proven anew.
 */
public interface RemovalGuard {

  /**
   * Removes, where the proof holds, and keeps it holding until that is done: no migration can
   * switch the tenant's route meanwhile. From here on no step of this migration switches it any
   * more.
   *
   * @param what what would be removed, such as "database acme", for the failure's message
   * @param removal takes seconds at most and needs nothing of the control plane
   * @throws com.matih.tenantmigration.workflow.MigrationException of type TENANT_IS_LIVE where
   *     nothing proves that the tenant is not served from the dedicated side; nothing was removed
   */
  <T, E extends Exception> T removing(MigrationContext context, String what, Removal<T, E> removal)
      throws E;

  /** The same for what answers nothing. */
  default <E extends Exception> void remove(MigrationContext context, String what, Act<E> removal)
      throws E {
    var unused =
        removing(
            context,
            what,
            () -> {
              removal.run();
              return true;
            });
  }

  /**
   * Removes what an earlier attempt of a step made, before the step begins anew; holds the proof as
   * {@link #removing} does, and takes no step of this migration its right.
   *
   * @param what what would be removed, for the failure's message
   * @param removal takes seconds at most and needs nothing of the control plane
   * @throws com.matih.tenantmigration.workflow.MigrationException of type TENANT_IS_LIVE where a
   *     tenant may be served from the dedicated side, WORK_ENDED where this migration has switched
   *     its route or goes back; nothing was removed
   */
  <E extends Exception> void beginAnew(MigrationContext context, String what, Act<E> removal)
      throws E;

  /** What removes and answers. */
  @FunctionalInterface
  interface Removal<T, E extends Exception> {
    T run() throws E;
  }

  /** What only removes. */
  @FunctionalInterface
  interface Act<E extends Exception> {
    void run() throws E;
  }
}
