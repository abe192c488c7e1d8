package com.matih.tenantmigration.activities.tenantconfig;

import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.controlplane.Migrations;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.controlplane.TenantConfigs;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks whether a tenant's configuration lets it be migrated as the request says. */
final class TenantPlanner {

  private static final String STORE = StoreName.TENANT.key();

  private final TenantConfigs configs;
  private final Migrations migrations;

  TenantPlanner(TenantConfigs configs, Migrations migrations) {
    this.configs = configs;
    this.migrations = migrations;
  }

  /** Reads the configuration; changes nothing. */
  PlanFindings plan(MigrationContext context) {
    String tenant = context.tenant();
    Optional<TenantConfig> found = configs.find(tenant);
    if (found.isEmpty()) {
      return new PlanFindings(
          StoresSummary.NONE,
          List.of(
              new Refusal(
                  STORE,
                  tenant,
                  "the tenant is unknown: it has no row in tenant_control.tenant_config",
                  "Check the request's tenant, or add the tenant to the platform first.")),
          List.of());
    }
    TenantConfig config = found.get();
    if (DedicatedRoute.apply(context.request(), config).equals(config)) {
      return new PlanFindings(StoresSummary.NONE, List.of(Refusal.alreadyThere(tenant)), List.of());
    }
    Optional<Refusal> underWay = underWay(config, context);
    if (underWay.isPresent()) {
      return new PlanFindings(StoresSummary.NONE, List.of(underWay.get()), List.of());
    }
    return new PlanFindings(
        StoresSummary.NONE, refusals(config, context), warnings(config, context));
  }

  /** A migration before this one that runs, or that has not ended as it should. */
  private Optional<Refusal> underWay(TenantConfig config, MigrationContext context) {
    return migrations
        .lastBeside(config.tenantId(), context.migrationId())
        .flatMap(
            other ->
                switch (other.outcome()) {
                  case RUNNING -> running(config, context, other);
                  case ROLLBACK_INCOMPLETE ->
                      Optional.of(
                          Refusal.unfinished(
                              config.tenantId(),
                              "the rollback of %s is incomplete".formatted(other.migrationId())));
                  case COMPLETED, REFUSED, ROLLED_BACK -> Optional.empty();
                });
  }

  /**
   * One workflow of the tenant's migrations runs at a time: where it is this one, another that is
   * on record as running was ended from outside. A plan may be made beside one that runs.
   */
  private Optional<Refusal> running(
      TenantConfig config, MigrationContext context, MigrationRecord other) {
    boolean isPlan = !context.workflowId().equals(TemporalNames.workflowId(config.tenantId()));
    if (isPlan) {
      if (config.state() != State.ACTIVE) {
        return Optional.of(Refusal.underWay(config.tenantId(), other.migrationId()));
      }
      return hasSameTargets(other.report().request(), config, context)
          ? Optional.of(Refusal.sameTargets(config.tenantId(), other.migrationId()))
          : Optional.empty();
    }
    return other.phase() == Phase.PREFLIGHT
        ? Optional.empty()
        : Optional.of(
            Refusal.unfinished(
                config.tenantId(),
                "%s was terminated outside of the tool in phase %s"
                    .formatted(other.migrationId(), other.phase())));
  }

  private boolean hasSameTargets(
      @Nullable MigrationRequest other, TenantConfig config, MigrationContext context) {
    return other != null
        && !places(config, context).namedBy(DedicatedRoute.apply(other, config)).isEmpty();
  }

  private DedicatedPlaces places(TenantConfig config, MigrationContext context) {
    return new DedicatedPlaces(context.request(), DedicatedRoute.apply(context.request(), config));
  }

  private List<Refusal> refusals(TenantConfig config, MigrationContext context) {
    List<Refusal> refusals = new ArrayList<>();
    String from = context.request().tier().from();
    if (!config.tier().equals(from)) {
      refusals.add(
          new Refusal(
              STORE,
              config.tenantId(),
              "the tenant's tier is %s, not %s".formatted(config.tier(), from),
              "Write the tenant's current tier as tier.from, or find out who changed it."));
    }
    if (config.state() != State.ACTIVE) {
      refusals.add(
          new Refusal(
              STORE,
              config.tenantId(),
              "the tenant's state is %s".formatted(config.state()),
              "Find out who made it read-only, and set it ACTIVE again."));
    }
    servedFromTarget(config, context).ifPresent(refusals::add);
    neighbourInTarget(config, context).ifPresent(refusals::add);
    neighbourInSource(config, context).ifPresent(refusals::add);
    return refusals;
  }

  /** Some of the targets, not all: what is there is what the tenant works with. */
  private Optional<Refusal> servedFromTarget(TenantConfig config, MigrationContext context) {
    List<String> named = places(config, context).namedBy(config);
    return named.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                STORE,
                config.tenantId(),
                "the tenant is already served from a target of the request: "
                    + String.join(", ", named),
                "Remove that store from the request, or name another target. Do not change what is"
                    + " there."));
  }

  /** An empty database can be another tenant's too, as long as that one has written nothing. */
  private Optional<Refusal> neighbourInTarget(TenantConfig config, MigrationContext context) {
    PostgresSpec postgres = context.request().postgres();
    if (postgres == null) {
      return Optional.empty();
    }
    return neighboursInTarget(config, context, DedicatedPlaces::includeDatabaseOf)
        .map(
            other ->
                new Refusal(
                    STORE,
                    place(postgres.target().url()),
                    "the database serves tenant %s".formatted(other.tenantId()),
                    "Name a database of the tenant's own as postgres.target.url."));
  }

  /** A route names a bucket and no server, so it may be another one of the same name. */
  private Optional<Warning> neighbourInTargetsObjects(
      TenantConfig config, MigrationContext context) {
    return neighboursInTarget(config, context, DedicatedPlaces::includeObjectsOf)
        .map(
            other ->
                new Warning(
                    STORE,
                    config.tenantId(),
                    ("the route of tenant %s names the target's object storage location,"
                            + " %s: make sure that its bucket is on another server; a rollback"
                            + " does not remove objects there")
                        .formatted(other.tenantId(), other.objectStorageUrl())));
  }

  private Optional<TenantConfig> neighboursInTarget(
      TenantConfig config,
      MigrationContext context,
      BiPredicate<DedicatedPlaces, TenantConfig> includes) {
    DedicatedPlaces places = places(config, context);
    return configs.all().stream()
        .filter(other -> !other.tenantId().equals(config.tenantId()))
        .filter(other -> includes.test(places, other))
        .findFirst();
  }

  /** Objects bear no tenant's mark but their place: with a prefix too short a neighbour's move. */
  private Optional<Refusal> neighbourInSource(TenantConfig config, MigrationContext context) {
    return neighboursBelowSource(config, context)
        .filter(other -> !sharesPlace(config, other))
        .findFirst()
        .map(
            other ->
                new Refusal(
                    STORE,
                    sourceOfObjects(context),
                    "tenant %s has its objects there too, below %s"
                        .formatted(other.tenantId(), other.objectStorageUrl()),
                    "Name the tenant's own prefix as objectStorage.source.prefix."));
  }

  /** Two tenants whose routes name one place cannot be told apart by it; that is the platform's. */
  private Optional<Warning> sharedPlace(TenantConfig config, MigrationContext context) {
    return neighboursBelowSource(config, context)
        .filter(other -> sharesPlace(config, other))
        .findFirst()
        .map(
            other ->
                new Warning(
                    STORE,
                    config.tenantId(),
                    "tenant %s has the same object storage location, %s: all objects there are migrated"
                        .formatted(other.tenantId(), other.objectStorageUrl())));
  }

  private Stream<TenantConfig> neighboursBelowSource(
      TenantConfig config, MigrationContext context) {
    String source = sourceOfObjects(context);
    return source.isEmpty()
        ? Stream.empty()
        : configs.all().stream()
            .filter(other -> !other.tenantId().equals(config.tenantId()))
            .filter(other -> other.objectStorageUrl() != null)
            .filter(other -> folder(other.objectStorageUrl()).startsWith(source));
  }

  private static boolean sharesPlace(TenantConfig one, TenantConfig other) {
    return one.objectStorageUrl() != null
        && other.objectStorageUrl() != null
        && folder(one.objectStorageUrl()).equals(folder(other.objectStorageUrl()));
  }

  /** Empty where the request moves no objects. */
  private static String sourceOfObjects(MigrationContext context) {
    ObjectStorageSpec objects = context.request().objectStorage();
    return objects == null ? "" : objects.source().uri();
  }

  private List<Warning> warnings(TenantConfig config, MigrationContext context) {
    List<Warning> warnings = new ArrayList<>();
    if (context.request().verification().api().isEmpty()) {
      warnings.add(
          new Warning(
              StoreName.VERIFICATION,
              "verification.api",
              "is empty: API_HEALTH is skipped, and no service is checked on the live route"));
    }
    PostgresSpec postgres = context.request().postgres();
    String database = config.databaseUrl();
    if (postgres != null
        && database != null
        && !place(database).equals(place(postgres.source().url()))) {
      warnings.add(otherSource(config, "database", place(database)));
    }
    ObjectStorageSpec objects = context.request().objectStorage();
    String folder = config.objectStorageUrl();
    if (objects != null
        && folder != null
        && !folder(folder).equals(folder(objects.source().uri()))) {
      warnings.add(otherSource(config, "object storage location", folder));
    }
    sharedPlace(config, context).ifPresent(warnings::add);
    neighbourInTargetsObjects(config, context).ifPresent(warnings::add);
    return warnings;
  }

  private static Warning otherSource(TenantConfig config, String kind, String routed) {
    return new Warning(
        STORE,
        config.tenantId(),
        ("the tenant's route names another %s than the request's source: %s. Make"
                + " sure that both are the same")
            .formatted(kind, routed));
  }

  /** With the delimiter at its end that people leave out. */
  private static String folder(String uri) {
    return uri.endsWith("/") ? uri : uri + "/";
  }

  private static String place(String url) {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }
}
