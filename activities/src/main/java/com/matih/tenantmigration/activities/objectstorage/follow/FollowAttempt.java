package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.LatestAttempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.TargetClaim;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import java.util.function.LongFunction;

/**
 * One attempt at following, from the moment when no request of an earlier one can arrive any more
 * until its own were answered. Each of its writes asks for its {@link WriteRight}.
 */
final class FollowAttempt implements AutoCloseable {

  private final FollowEngines engines;
  private final MigrationContext context;
  private final ProgressMonitor monitor;
  private final TenantObjects objects;
  private final ObjectRecord record;
  private final WriteRight right;
  private final EarlierRequests requests;
  private boolean isWhole = true;

  private FollowAttempt(
      FollowEngines engines,
      MigrationContext context,
      ProgressMonitor monitor,
      TenantObjects objects,
      WriteRight right,
      EarlierRequests requests) {
    this.engines = engines;
    this.context = context;
    this.monitor = monitor;
    this.objects = objects;
    this.record = new ObjectRecord(engines.journal(), context, right);
    this.right = right;
    this.requests = requests;
  }

  /** What is the same for all attempts of a worker. */
  record FollowEngines(
      ObjectStores stores, MigrationJournal journal, RemovalGuard guard, FollowSettings settings) {}

  static FollowAttempt begin(
      FollowEngines engines, MigrationContext context, ProgressMonitor monitor) {
    MigrationJournal journal = engines.journal();
    TargetClaim claim = new TargetClaim(journal, context);
    Attempt attempt = monitor.attempt();
    LatestAttempt latest = claim.begin(attempt);
    WriteRight right = new WriteRight(claim, latest);
    right.run();
    EarlierRequests requests = new EarlierRequests(journal, context, attempt, engines.settings());
    requests.outlive(monitor);
    TenantObjects objects =
        engines.stores().openBoth(context.spec(ObjectStorageSpec.class), right, monitor);
    try {
      ObjectCopier.claimTarget(objects.target(), claim);
      right.run();
    } catch (RuntimeException e) {
      objects.close();
      // it has not begun to write
      requests.ended(true);
      throw e;
    }
    return new FollowAttempt(engines, context, monitor, objects, right, requests);
  }

  MigrationContext context() {
    return context;
  }

  ProgressMonitor monitor() {
    return monitor;
  }

  TenantObjects objects() {
    return objects;
  }

  ObjectRecord record() {
    return record;
  }

  RemovalGuard guard() {
    return engines.guard();
  }

  FollowSettings settings() {
    return engines.settings();
  }

  int concurrency() {
    return context.spec(ObjectStorageSpec.class).concurrency();
  }

  /** Makes sure, at this moment, that no later attempt has begun. */
  void requireRight() {
    right.requireNow();
  }

  /** What is to be copied again by the next pass, although no listing shows a change. */
  ToCopyAgain toCopyAgain() {
    return new ToCopyAgain(engines.journal(), context);
  }

  /**
   * Takes a pass.
   *
   * @param progress what is told of a number of objects that were passed
   */
  ObjectPass.Result pass(boolean tenantWrites, LongFunction<Progress> progress) {
    isWhole = false;
    ObjectPass.Result result = new ObjectPass(this, tenantWrites).run(progress);
    isWhole = true;
    new CarriedObjects(engines.journal(), context).add(result.changes());
    return result;
  }

  @Override
  public void close() {
    objects.close();
    requests.ended(isWhole);
  }
}
