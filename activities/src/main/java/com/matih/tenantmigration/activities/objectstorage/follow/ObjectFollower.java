package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.engine.FollowingProgress;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.TargetClaim;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/** Follows the tenant's objects: the first pass copies all, each later one what has changed. */
public final class ObjectFollower {

  private final FollowAttempt.FollowEngines engines;

  public ObjectFollower(ObjectStores stores, MigrationJournal journal, RemovalGuard guard) {
    this(stores, journal, guard, FollowSettings.STANDARD);
  }

  public ObjectFollower(
      ObjectStores stores, MigrationJournal journal, RemovalGuard guard, FollowSettings settings) {
    this.engines = new FollowAttempt.FollowEngines(stores, journal, guard, settings);
  }

  /**
   * Copies all objects while the tenant works. An attempt that was cut off is taken up where it
   * was.
   *
   * @throws MigrationException of type TARGET_NOT_EMPTY where somebody else has written to the
   *     target before the copy began, WORK_ENDED where the objects were given up, WRITER_SUPERSEDED
   *     where a later attempt has begun, NOT_MOVABLE where an object is too large
   */
  public StoresSummary copy(MigrationContext context, ProgressMonitor monitor) {
    Optional<StoresSummary.ObjectStorage> copied =
        new TargetClaim(engines.journal(), context).copied();
    if (copied.isPresent()) {
      return StoresSummary.of(copied.get());
    }
    try (FollowAttempt attempt = FollowAttempt.begin(engines, context, monitor)) {
      long expected = count(attempt.objects(), monitor);
      ObjectPass.Result pass =
          attempt.pass(
              true, objects -> new Progress(objects, expected, "objects", "copying objects"));
      return StoresSummary.of(pass.summary());
    }
  }

  /** Removes what only the following needed. */
  public void forget(MigrationContext context) {
    new ObjectRecord(engines.journal(), context).forget();
  }

  private static long count(TenantObjects objects, ProgressMonitor monitor) {
    long count = 0;
    for (Iterator<?> listing = objects.listSource(monitor); listing.hasNext(); listing.next()) {
      count++;
    }
    return count;
  }

  /**
   * Follows until little is left, or until the monitor says to stop.
   *
   * <p>A pass takes at least as long as the source's listing. So little is left where one took
   * moments, and also where one carried over about as much as the one before it: that is what
   * changes in the time of a pass.
   */
  public void follow(MigrationContext context, Following following, ProgressMonitor monitor) {
    FollowingProgress progress = new FollowingProgress("changes");
    long before = Long.MAX_VALUE;
    try (FollowAttempt attempt = FollowAttempt.begin(engines, context, monitor)) {
      progress.opened(0);
      while (true) {
        long begun = System.nanoTime();
        Progress soFar = progress.during("listing objects and carrying over what changed");
        ObjectPass.Result pass = attempt.pass(true, objects -> soFar);
        // the drain lists the dedicated side as well
        progress.beside(begun);
        monitor.update(
            progress.afterRound(
                pass.changes(),
                begun,
                "the last pass over %s carried over %s in %s"
                    .formatted(
                        Units.plural(pass.objects(), "object"),
                        Units.plural(pass.changes(), "change"),
                        Units.duration(pass.took()))));
        boolean isClose = pass.took().compareTo(engines.settings().caughtUp()) < 0;
        boolean isSteady = before != Long.MAX_VALUE && pass.changes() >= before - before / 4;
        if (following == Following.UNTIL_CAUGHT_UP) {
          if (isClose || isSteady) {
            return;
          }
          before = pass.changes();
        } else {
          Rest.of(longer(engines.settings().betweenPasses(), pass.took()), monitor);
        }
      }
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
