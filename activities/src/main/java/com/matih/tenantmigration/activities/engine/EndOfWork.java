package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;

/**
 * Where a migration's work on a store has ended, by its completion or its rollback, so that an
 * attempt that comes late neither creates nor writes anything there.
 *
 * <p>Who ends the work notes that first, and then tidies up or undoes; who creates or writes puts
 * that on record first, and then asks here. So one of the two sees the other.
 */
public final class EndOfWork {

  private static final String ENDED = "ended";

  private final MigrationJournal journal;
  private final String migrationId;
  private final String store;

  /** The end of one migration's work on one store, as its journal knows it. */
  public EndOfWork(MigrationJournal journal, String migrationId, String store) {
    this.journal = journal;
    this.migrationId = migrationId;
    this.store = store;
  }

  /** Notes that the work has ended; may be repeated. */
  public void note() {
    var unused = journal.remember(migrationId, store, ENDED, Boolean.class, () -> true);
  }

  /**
   * Lets pass what comes in time.
   *
   * @throws MigrationException of type WORK_ENDED where the work has ended
   */
  public void requireNotNoted() {
    if (journal.recall(migrationId, store, ENDED, Boolean.class).isPresent()) {
      throw new MigrationException(
          FailureType.WORK_ENDED,
          "This migration's work on %s has ended; this late attempt changed nothing."
              .formatted(store));
    }
  }
}
