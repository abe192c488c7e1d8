package com.matih.tenantmigration.workflow.activity;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import org.jspecify.annotations.Nullable;

/** The tenant's objects. */
@ActivityInterface
public interface ObjectStorageActivities {

  /** Looks at both buckets; changes nothing. */
  @ActivityMethod(name = "PlanObjects")
  PlanFindings plan(MigrationContext context);

  /** Creates the dedicated bucket, or takes the empty one that exists. */
  @ActivityMethod(name = "ProvisionBucket")
  void provision(MigrationContext context);

  /** Copies every object below the prefix, each verified by its digest. */
  @ActivityMethod(name = "CopyObjects")
  StoresSummary copy(MigrationContext context);

  /** Deletes exactly what this migration wrote, and the bucket if it created it. */
  @ActivityMethod(name = "DeleteObjects")
  RollbackStep deleteObjects(MigrationContext context);

  /** Removes, after the cutover, the record of what was carried over. */
  @ActivityMethod(name = "ForgetObjects")
  void forgetObjects(MigrationContext context);

  /**
   * Carries over what changed among the objects since the last time.
   *
   * @return how the store stood after the last round; null from a worker that did not tell it
   */
  @ActivityMethod(name = "FollowObjects")
  @Nullable Followed follow(MigrationContext context, Following following);

  /** Carries over, when the tenant no longer writes, what is left, and verifies it. */
  @ActivityMethod(name = "DrainObjects")
  Drained drain(MigrationContext context);
}
