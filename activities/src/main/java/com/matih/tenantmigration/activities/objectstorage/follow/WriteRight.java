package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.engine.LatestAttempt;
import com.matih.tenantmigration.activities.objectstorage.client.TargetClaim;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.workflow.MigrationException;

/**
 * An attempt's right to write and delete: until the objects are drained or given up, or a later
 * attempt has begun. It is asked of the control plane once a second at most; by the clock and not
 * by a count, so that an attempt that was frozen asks before it writes.
 */
final class WriteRight implements Runnable {

  private final TargetClaim claim;
  private final LatestAttempt latest;
  private boolean asked;
  private long askedAt;

  WriteRight(TargetClaim claim, LatestAttempt latest) {
    this.claim = claim;
    this.latest = latest;
  }

  /**
   * Lets pass who has the right.
   *
   * @throws MigrationException as {@link TargetClaim#requireUnfinished} and {@link
   *     LatestAttempt#require} say
   */
  @Override
  public synchronized void run() {
    long now = System.nanoTime();
    if (!asked || now - askedAt > ObjectCopier.LONGEST_UNAWARE.toNanos()) {
      requireNow();
      asked = true;
      askedAt = now;
    }
  }

  /** The same, asked at this moment. */
  void requireNow() {
    claim.requireUnfinished();
    latest.require();
  }
}
