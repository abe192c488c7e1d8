package com.matih.tenantmigration.activities.engine.throttle;

import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import java.util.Optional;

/**
 * The throttle that an operator has set for a running migration, where each worker finds it: an
 * activity that runs receives no signal, and the next attempt at one has the request alone.
 */
public final class ThrottleNote {

  private static final String STORE = "WORKFLOW";
  private static final String NAME = "THROTTLE";

  private final MigrationJournal journal;

  public ThrottleNote(MigrationJournal journal) {
    this.journal = journal;
  }

  /** Keeps a throttle in place of the one before. */
  public void keep(String migrationId, ThrottleSpec throttle) {
    journal.put(migrationId, STORE, NAME, throttle);
  }

  /** The throttle that was set last; empty where the request's still holds. */
  Optional<ThrottleSpec> find(String migrationId) {
    return journal.recall(migrationId, STORE, NAME, ThrottleSpec.class);
  }
}
