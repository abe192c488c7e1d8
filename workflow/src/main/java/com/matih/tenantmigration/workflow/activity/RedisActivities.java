package com.matih.tenantmigration.workflow.activity;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/** The tenant's cache. */
@ActivityInterface
public interface RedisActivities {

  /** Looks at both caches; changes nothing. */
  @ActivityMethod(name = "PlanCache")
  PlanFindings plan(MigrationContext context);

  /** Warms the dedicated cache from the dedicated database, the hot keys first. */
  @ActivityMethod(name = "WarmCache")
  StoresSummary warm(MigrationContext context);

  /** Removes the list of warmed keys that the dedicated cache holds, after the cutover. */
  @ActivityMethod(name = "RemoveWarmedIndex")
  void removeWarmedIndex(MigrationContext context);

  /** Deletes the keys that this migration warmed. */
  @ActivityMethod(name = "EvictCache")
  RollbackStep evict(MigrationContext context);

  /** Warms again what differs from the dedicated database, when the tenant no longer writes. */
  @ActivityMethod(name = "FreshenCache")
  Drained freshen(MigrationContext context);
}
