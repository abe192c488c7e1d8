package com.matih.tenantmigration.workflow.stores;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A store that a migration moves, and what it does in each phase; in a phase that it does not
 * override it has nothing to do.
 *
 * <p>Before a store changes anything, it registers how that is rolled back.
 */
public abstract class Store {

  final MigrationContext context;
  private final StoreName name;
  private boolean tenantWorks;

  Store(StoreName name, MigrationContext context) {
    this.name = name;
    this.context = context;
    this.tenantWorks = context.request().mode() == Mode.ONLINE;
  }

  /** The context of what is done now, while the tenant works or does not. */
  final MigrationContext now() {
    return tenantWorks ? context.whileTenantWorks() : context;
  }

  /** FENCE: what is done from here on is done while the tenant cannot write. */
  public final void tenantStops() {
    tenantWorks = false;
  }

  /** The stores of a request, in the order of its keys; one that is left out is absent. */
  public static List<Store> of(MigrationContext context) {
    MigrationRequest request = context.request();
    return Stream.<Optional<? extends Store>>of(
            request.find(PostgresSpec.class).map(spec -> new PostgresStore(context, spec)),
            request.find(ObjectStorageSpec.class).map(spec -> new BucketStore(context, spec)),
            request.find(KafkaSpec.class).map(spec -> new TopicStore(context, spec)),
            request.find(ElasticsearchSpec.class).map(spec -> new DocumentStore(context, spec)),
            request.find(RedisSpec.class).map(spec -> new CacheStore(context)))
        .<Store>flatMap(Optional::stream)
        .toList();
  }

  public final StoreName name() {
    return name;
  }

  /** PREFLIGHT: looks at both sides; changes nothing. */
  public abstract PlanFindings plan();

  /** What to know about the numbers of a plan, where they are not what will move. */
  public List<Warning> planWarnings(StoresSummary planned) {
    return List.of();
  }

  /** PROVISION: creates the dedicated side. */
  public void provision(StepRunner steps) {}

  /** CAPTURE, online: notes every change from now on. */
  public void capture(StepRunner steps) {}

  /** VERIFY, online, when rows were compared: carries over what they may refer to. */
  public void followReferenced(StepRunner steps) {}

  /** From CAPTURE to FENCE, online: what is watched meanwhile, until it is cancelled. */
  public Optional<Runnable> watch() {
    return Optional.empty();
  }

  /** FENCE: the shared side refuses the tenant's writes. */
  public void fence(StepRunner steps) {}

  /** FENCE, when all services have stopped writing: reads how far the tenant's data reaches. */
  public void readPositions() {}

  /** SNAPSHOT: takes a consistent snapshot. */
  public void snapshot(StepRunner steps) {}

  /** COPY: moves the tenant's data. */
  public void copy(StepRunner steps) {}

  /** WARM: fills what is not copied but computed from the dedicated side. */
  public void warm(StepRunner steps) {}

  /** CATCH_UP and AWAITING_APPROVAL, online: carries over what changes on the shared side. */
  public void follow(StepRunner steps, Following following) {}

  /** DRAIN, online: carries over what is left, and verifies it. */
  public void drain(StepRunner steps) {}

  /** The stores that have to be drained before, where this one is computed from them. */
  public Set<StoreName> drainsAfter() {
    return Set.of();
  }

  /**
   * When the store is verified and before the route is switched: gives the dedicated side its real
   * settings.
   */
  public void finish() {}

  /** CUTOVER, in the final step: lets the dedicated side take writes. */
  public void open() {}

  /** COMPLETED: what only the migration needed. */
  public List<CleanupStep> cleanup() {
    return List.of();
  }

  /**
   * Every step of a rollback that the store can need, in the order in which a migration registers
   * them. A step answers NOT_NEEDED where there is nothing to roll back.
   */
  public abstract List<RollbackAction> rollback();

  /** What is left of the fence on the shared side, in a sentence; empty without a fence. */
  public Optional<String> fenceLeft() {
    return Optional.empty();
  }
}
