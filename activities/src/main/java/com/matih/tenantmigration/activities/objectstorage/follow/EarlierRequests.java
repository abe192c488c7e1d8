package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.TargetClaim;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;
import java.util.Optional;

/**
 * Outlives the requests of earlier attempts: one that was on its way when a later attempt began
 * could bring back what an object was before, after the later one has copied it anew, or write when
 * the tenant already does.
 *
 * <p>An attempt notes that it writes before it does, and takes the note back when each of its
 * requests was answered. Who finds somebody else's note waits for as long as a request of the other
 * may still arrive, once, before it looks at anything.
 */
final class EarlierRequests {

  private static final String NOTE = "objects-writing";

  private final MigrationJournal journal;
  private final String migrationId;
  private final Attempt attempt;
  private final FollowSettings settings;

  EarlierRequests(
      MigrationJournal journal,
      MigrationContext context,
      Attempt attempt,
      FollowSettings settings) {
    this.journal = journal;
    this.migrationId = context.migrationId();
    this.attempt = attempt;
    this.settings = settings;
  }

  /**
   * Who writes.
   *
   * @param cutOffMillis when it ended in the middle of a pass; 0 where it has not ended
   */
  record Writer(long attempt, long cutOffMillis) {}

  /**
   * Waits until no request of an earlier attempt can arrive any more, which is mostly so at once.
   */
  void outlive(ProgressMonitor monitor) {
    Optional<Writer> before = writer();
    note(new Writer(attempt.order(), 0));
    Duration wait = before.map(this::longestWait).orElse(Duration.ZERO);
    if (!wait.isZero()) {
      monitor.update(
          new Progress(0, -1, "changes", "waiting for the last requests of an earlier attempt"));
      Rest.of(wait, monitor);
    }
  }

  private Duration longestWait(Writer other) {
    if (other.cutOffMillis() == 0) {
      return settings.unended();
    }
    Duration since = Duration.ofMillis(System.currentTimeMillis() - other.cutOffMillis());
    Duration rest = settings.cutOff().minus(since);
    if (rest.isNegative()) {
      return Duration.ZERO;
    }
    return rest.compareTo(settings.cutOff()) > 0 ? settings.cutOff() : rest;
  }

  /**
   * Notes that this attempt writes no more.
   *
   * @param isWhole whether each of its requests was answered
   */
  void ended(boolean isWhole) {
    if (writer().filter(writer -> writer.attempt() == attempt.order()).isEmpty()) {
      return;
    }
    if (isWhole) {
      journal.forget(migrationId, TargetClaim.STORE, NOTE);
    } else {
      note(new Writer(attempt.order(), System.currentTimeMillis()));
    }
  }

  private Optional<Writer> writer() {
    return journal.recall(migrationId, TargetClaim.STORE, NOTE, Writer.class);
  }

  private void note(Writer writer) {
    journal.put(migrationId, TargetClaim.STORE, NOTE, writer);
  }
}
