package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.objectstorage.client.TargetClaim;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The objects that the next pass copies again, although no listing shows that they changed: those
 * whose tags a check found to be others.
 */
public final class ToCopyAgain {

  /** So many at most; more are too many for the journal, and a finding in themselves. */
  public static final int MOST = 10_000;

  private static final String NOTE = "objects-to-copy-again";

  private final MigrationJournal journal;
  private final String migrationId;

  public ToCopyAgain(MigrationJournal journal, MigrationContext context) {
    this.journal = journal;
    this.migrationId = context.migrationId();
  }

  /** Notes the names, beside those that are noted. */
  public void add(Collection<String> names) {
    Set<String> all = new TreeSet<>(names());
    all.addAll(names);
    journal.put(migrationId, TargetClaim.STORE, NOTE, all.toArray(String[]::new));
  }

  Set<String> names() {
    return noted().map(Set::of).orElse(Set.of());
  }

  /** Takes the names back after a pass, unless there are others meanwhile. */
  void copied(Set<String> names) {
    if (!names.isEmpty() && names.equals(names())) {
      journal.forget(migrationId, TargetClaim.STORE, NOTE);
    }
  }

  private Optional<String[]> noted() {
    return journal.recall(migrationId, TargetClaim.STORE, NOTE, String[].class);
  }
}
