package com.matih.tenantmigration.workflow.stores;

import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.activity.RedisActivities;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.temporal.Stubs;
import java.util.List;
import java.util.Set;

/** The tenant's cache, which is not copied but warmed from the dedicated database. */
final class CacheStore extends Store {

  private final Stubs<RedisActivities> cache = Stubs.of(RedisActivities.class, context);

  CacheStore(MigrationContext context) {
    super(StoreName.REDIS, context);
  }

  @Override
  public PlanFindings plan() {
    return cache.preflight().plan(context);
  }

  @Override
  public List<Warning> planWarnings(StoresSummary planned) {
    StoresSummary.Redis counted = planned.redis();
    return counted == null || counted.keys() == 0
        ? List.of()
        : List.of(
            new Warning(
                name(),
                "warm",
                "The keys are those in the shared Redis now; the loaders decide which are"
                    + " warmed."));
  }

  @Override
  public void warm(StepRunner steps) {
    steps.register(evict());
    steps.move(Step.WARM_CACHE, () -> Stubs.of(RedisActivities.class, now()).bulk().warm(now()));
  }

  @Override
  public Set<StoreName> drainsAfter() {
    return Set.of(StoreName.POSTGRES);
  }

  @Override
  public void drain(StepRunner steps) {
    steps.drain(Step.FRESHEN_CACHE, () -> cache.step().freshen(context));
  }

  @Override
  public List<CleanupStep> cleanup() {
    return List.of(
        new CleanupStep(Step.REMOVE_WARMED_INDEX, () -> cache.moment().removeWarmedIndex(context)));
  }

  @Override
  public List<RollbackAction> rollback() {
    return List.of(evict());
  }

  private RollbackAction evict() {
    String id = context.migrationId();
    String warmed = "tenant-migration:%s:warmed".formatted(id);
    return new RollbackAction(
        Compensation.EVICT_CACHE,
        "the keys that were warmed in the dedicated cache",
        List.of(
            "in the dedicated cache, UNLINK the keys that ZRANGE %s 0 -1 lists".formatted(warmed),
            "then UNLINK %s tenant-migration:%s:epoch".formatted(warmed, id)),
        reason -> cache.cleaning().evict(context));
  }
}
