package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.ColumnTexts;
import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.secrets.RequestReach;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.temporal.ActivityRunner;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.activity.RedisActivities;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;

/** Runs the Redis engine's steps as activities. */
public final class RedisActivitiesImpl implements RedisActivities {

  private final RequestReach reach;
  private final CachePlanner planner;
  private final CacheWarmer warmer;
  private final CacheFreshener freshener;
  private final CacheEvictor evictor;

  public RedisActivitiesImpl(
      SecretResolver secrets,
      MigrationJournal journal,
      RemovalGuard guard,
      DedicatedRows dedicatedRows,
      ColumnTexts columnTexts) {
    this.reach = new RequestReach(secrets);
    RedisConnections connections = new RedisConnections(secrets);
    this.planner = new CachePlanner(connections, columnTexts);
    this.warmer = new CacheWarmer(connections, journal, guard, dedicatedRows);
    this.freshener = new CacheFreshener(connections, journal, guard, dedicatedRows);
    this.evictor = new CacheEvictor(connections, journal, guard);
  }

  @Override
  public PlanFindings plan(MigrationContext context) {
    return ActivityRunner.call(
        context,
        monitor -> reach.plan(context, StoreName.REDIS, () -> planner.plan(context, monitor)));
  }

  @Override
  public StoresSummary warm(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> warmer.warm(context, monitor));
  }

  @Override
  public void removeWarmedIndex(MigrationContext context) {
    ActivityRunner.run(context, monitor -> evictor.removeWarmedIndex(context, monitor));
  }

  @Override
  public RollbackStep evict(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> evictor.evict(context, monitor));
  }

  @Override
  public Drained freshen(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> freshener.freshen(context, monitor));
  }
}
