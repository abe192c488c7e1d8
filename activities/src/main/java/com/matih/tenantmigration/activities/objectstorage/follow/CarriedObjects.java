package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.objectstorage.client.TargetClaim;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;

/** Counts what passes have carried over, and what of it came after all contents were compared. */
public final class CarriedObjects {

  private static final String CARRIED = "objects-carried";
  private static final String COMPARED = "objects-carried-when-compared";

  private final MigrationJournal journal;
  private final String migrationId;

  public CarriedObjects(MigrationJournal journal, MigrationContext context) {
    this.journal = journal;
    this.migrationId = context.migrationId();
  }

  void add(long changes) {
    if (changes > 0) {
      journal.put(migrationId, TargetClaim.STORE, CARRIED, count(CARRIED) + changes);
    }
  }

  /** To be called before contents are compared. */
  public void compared() {
    journal.put(migrationId, TargetClaim.STORE, COMPARED, count(CARRIED));
  }

  long sinceCompared() {
    return count(CARRIED) - count(COMPARED);
  }

  private long count(String note) {
    return journal.recall(migrationId, TargetClaim.STORE, note, Long.class).orElse(0L);
  }
}
