package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.FollowingProgress;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;
import java.util.List;

/**
 * Follows the tenant's documents: one round after the other, with a pause where little is left.
 *
 * <p>Deleted documents are looked for where the counts of both sides differ. That reads all ids, so
 * it is done at most once in half a minute, and for a twentieth of the time.
 */
public final class DocumentFollower {

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);
  private static final int SHARE_OF_LOOKS = 20;

  /** The drain changes the alias and the settings of each index as often again. */
  private static final int OPENED_MORE = 2;

  private final ElasticsearchClients clients;
  private final MigrationJournal journal;

  public DocumentFollower(ElasticsearchClients clients, MigrationJournal journal) {
    this.clients = clients;
    this.journal = journal;
  }

  /**
   * Follows until little is left, or until the monitor says to stop.
   *
   * @throws MigrationException of type SOURCE_CHANGED where the shared index is another one now,
   *     CONTENT_MISMATCH where a document is not as it was carried over, WRITER_SUPERSEDED where a
   *     later attempt follows, WORK_ENDED where the last documents were carried over already
   */
  public void follow(MigrationContext context, Following following, ProgressMonitor monitor) {
    FollowingProgress progress = new FollowingProgress("documents");
    try (FollowedRequest request = FollowedRequest.open(context, clients, journal, monitor)) {
      List<FollowedIndex> indices = request.takeTurns();
      progress.opened(OPENED_MORE);
      Work work = new Work(indices, RoundPause.of(request), progress, monitor);
      switch (following) {
        case UNTIL_CAUGHT_UP -> work.catchUp();
        case UNTIL_STOPPED -> work.goOn();
      }
    }
  }

  /** One attempt at following. */
  private static final class Work {

    private final List<FollowedIndex> indices;
    private final Duration pause;
    private final ProgressMonitor monitor;
    private final FollowingProgress progress;
    private long deleted;
    private long nextLook = System.nanoTime() + BETWEEN_LOOKS.toNanos();

    Work(
        List<FollowedIndex> indices,
        Duration pause,
        FollowingProgress progress,
        ProgressMonitor monitor) {
      this.indices = indices;
      this.pause = pause;
      this.progress = progress;
      this.monitor = monitor;
    }

    void catchUp() {
      while (!round()) {
        monitor.throwIfCancelled();
      }
      lastRound();
      indices.forEach(FollowedIndex::leave);
    }

    private void lastRound() {
      long begun = System.nanoTime();
      Finding finding = new Finding();
      long changes = 0;
      for (FollowedIndex index : indices) {
        changes += index.lastRound(finding);
      }
      tell(changes, begun, finding);
    }

    void goOn() {
      while (true) {
        boolean isClose = round();
        if (System.nanoTime() >= nextLook) {
          deleteStale();
        }
        if (isClose) {
          monitor.pause(pause);
        }
      }
    }

    /** Answers whether little is left for the next one. */
    private boolean round() {
      long begun = System.nanoTime();
      Finding finding = new Finding();
      long changes = 0;
      for (FollowedIndex index : indices) {
        changes += index.round(finding);
      }
      return CaughtUp.after(changes, tell(changes, begun, finding));
    }

    /** Tells of a round that was without a fault; answers how long it took. */
    private Duration tell(long changes, long begun, Finding finding) {
      requireEqual(finding);
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      monitor.update(
          progress.afterRound(
              changes,
              begun,
              "the last round carried over %s in %s"
                  .formatted(Units.plural(changes, "document"), Units.duration(took))));
      return took;
    }

    private void deleteStale() {
      long begun = System.nanoTime();
      for (FollowedIndex index : indices) {
        if (!index.hasEqualCounts()) {
          deleted += index.deleteStale(Long.MAX_VALUE);
        }
      }
      long took = System.nanoTime() - begun;
      nextLook = System.nanoTime() + Math.max(BETWEEN_LOOKS.toNanos(), SHARE_OF_LOOKS * took);
      monitor.update(
          progress.during(
              "deleted %s that the tenant no longer has, in %s"
                  .formatted(
                      Units.plural(deleted, "document"), Units.duration(Duration.ofNanos(took)))));
    }

    private static void requireEqual(Finding finding) {
      if (finding.mismatchCount() > 0) {
        throw new MigrationException(
            FailureType.CONTENT_MISMATCH,
            "%s was carried over and is not the same now: somebody else writes to the dedicated index. Stop them, and start the migration again."
                .formatted(finding.namedMismatches().get(0)));
      }
    }
  }
}
