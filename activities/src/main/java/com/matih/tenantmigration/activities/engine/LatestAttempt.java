package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;

/**
 * Says whether an attempt is the latest, for stores that cannot compare attempts by themselves: in
 * Kafka who initialises a transactional id last fences the others, and in S3 everybody may end
 * everybody's uploads.
 *
 * <p>The control plane keeps the highest attempt that has begun. An older one learns of it before
 * it takes anything from the later one. Between that look and the deed a later attempt may begin;
 * it then takes back what it needs, or is tried again.
 */
public final class LatestAttempt {

  private static final String NOTE = "latest attempt";

  private final MigrationJournal journal;
  private final String migrationId;
  private final String store;
  private final Attempt attempt;

  private LatestAttempt(
      MigrationJournal journal, String migrationId, String store, Attempt attempt) {
    this.journal = journal;
    this.migrationId = migrationId;
    this.store = store;
    this.attempt = attempt;
  }

  /**
   * Puts the attempt on record.
   *
   * @throws MigrationException of type WRITER_SUPERSEDED where a later one has begun
   */
  public static LatestAttempt begin(
      MigrationJournal journal, String migrationId, String store, Attempt attempt) {
    LatestAttempt latest = new LatestAttempt(journal, migrationId, store, attempt);
    latest.require();
    return latest;
  }

  /**
   * Lets the latest attempt pass.
   *
   * @throws MigrationException of type WRITER_SUPERSEDED where a later one has begun
   */
  public void require() {
    if (journal.raise(migrationId, store, NOTE, attempt.order()) > attempt.order()) {
      throw new MigrationException(
          FailureType.WRITER_SUPERSEDED,
          "A later attempt has taken over %s; this one changed nothing more.".formatted(store));
    }
  }
}
