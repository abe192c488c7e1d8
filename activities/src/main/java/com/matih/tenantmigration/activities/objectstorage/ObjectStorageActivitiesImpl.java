package com.matih.tenantmigration.activities.objectstorage;

import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.throttle.Throttles;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.activities.objectstorage.follow.ObjectDrain;
import com.matih.tenantmigration.activities.objectstorage.follow.ObjectFollower;
import com.matih.tenantmigration.activities.objectstorage.plan.ObjectStoragePlanner;
import com.matih.tenantmigration.activities.objectstorage.provision.BucketProvisioner;
import com.matih.tenantmigration.activities.objectstorage.provision.ObjectRemover;
import com.matih.tenantmigration.activities.secrets.RequestReach;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.temporal.ActivityRunner;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.activity.ObjectStorageActivities;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import org.jspecify.annotations.Nullable;

/** Runs the object storage's engines as activities. */
public final class ObjectStorageActivitiesImpl implements ObjectStorageActivities {

  private final RequestReach reach;
  private final Throttles throttles;
  private final ObjectStoragePlanner planner;
  private final BucketProvisioner provisioner;
  private final ObjectCopier copier;
  private final ObjectFollower follower;
  private final ObjectDrain drain;
  private final ObjectRemover remover;

  public ObjectStorageActivitiesImpl(
      SecretResolver secrets, MigrationJournal journal, Throttles throttles, RemovalGuard guard) {
    this.reach = new RequestReach(secrets);
    this.throttles = throttles;
    ObjectStores stores = new ObjectStores(secrets);
    this.planner = new ObjectStoragePlanner(stores);
    this.provisioner = new BucketProvisioner(stores, journal);
    this.copier = new ObjectCopier(stores, journal);
    this.follower = new ObjectFollower(stores, journal, guard);
    this.drain = new ObjectDrain(stores, journal, guard);
    this.remover = new ObjectRemover(stores, journal, guard);
  }

  @Override
  public PlanFindings plan(MigrationContext context) {
    return ActivityRunner.call(
        context,
        monitor ->
            reach.plan(context, StoreName.OBJECT_STORAGE, () -> planner.plan(context, monitor)));
  }

  @Override
  public void provision(MigrationContext context) {
    ActivityRunner.run(context, monitor -> provisioner.provision(context, monitor));
  }

  @Override
  public StoresSummary copy(MigrationContext context) {
    return ActivityRunner.call(
        context,
        monitor ->
            throttles.reading(
                context,
                StoreName.OBJECT_STORAGE,
                monitor,
                throttled ->
                    context.tenantWorks()
                        ? follower.copy(context, throttled)
                        : copier.copy(context, throttled)));
  }

  @Override
  public RollbackStep deleteObjects(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> remover.remove(context, monitor));
  }

  @Override
  public void forgetObjects(MigrationContext context) {
    ActivityRunner.run(context, monitor -> follower.forget(context));
  }

  @Override
  public @Nullable Followed follow(MigrationContext context, Following following) {
    return ActivityRunner.follow(
        context,
        monitor ->
            throttles.read(
                context,
                StoreName.OBJECT_STORAGE,
                monitor,
                throttled -> follower.follow(context, following, throttled)));
  }

  @Override
  public Drained drain(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> drain.drain(context, monitor));
  }
}
