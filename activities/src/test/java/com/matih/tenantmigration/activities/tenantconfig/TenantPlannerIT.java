package com.matih.tenantmigration.activities.tenantconfig;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Database;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a tenant's configuration says to a request for its migration. */
class TenantPlannerIT extends ConfiguredTenant {

  @Test
  void aPlanRefusesAnUnknownTenantAnotherTierAndATenantThatIsNotActive() {
    TenantPlanner planner = planner();
    assertThat(planner.plan(context).refusals()).isEmpty();

    TenantConfig seen = config();
    configs.compareAndSet(seen, seen.withTier("PREMIUM").withState(State.READ_ONLY));

    assertThat(planner.plan(context).refusals())
        .extracting(refusal -> refusal.reason())
        .containsExactly(
            "the tenant's tier is PREMIUM, not STARTER", "the tenant's state is READ_ONLY");
    assertThat(planner.plan(context("x", "nobody")).refusals())
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.reason()).contains("unknown"));
  }

  @Test
  void aPlanRefusesATenantThatLivesOnTheTargetsAlreadyAndAdvisesToLeaveThemAlone() {
    forward.makeReadOnly(context);
    forward.switchRoute(context);
    forward.activate(context);

    assertThat(planner().plan(context("again")).refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.standsAlone()).isTrue();
              assertThat(refusal.remedy()).contains("Do not change these stores");
            });
  }

  @Test
  void aPlanRefusesADatabaseThatServesAnotherTenant() {
    String neighbour = "n-" + tenant;
    configs.add(config(neighbour, "jdbc:postgresql://dedicated/%s?ssl=true".formatted(neighbour)));

    assertThat(planner().plan(into("jdbc:postgresql://dedicated/" + tenant)).refusals()).isEmpty();
    assertThat(planner().plan(into("jdbc:postgresql://dedicated/" + neighbour)).refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.object()).isEqualTo("jdbc:postgresql://dedicated/" + neighbour);
              assertThat(refusal.reason()).isEqualTo("the database serves tenant " + neighbour);
            });
  }

  @Test
  void aPlanRefusesATargetThatTheTenantIsServedFromAndNeverAdvisesToRemoveIt() {
    TenantConfig seen = config();
    configs.compareAndSet(
        seen,
        new TenantConfig(
            tenant,
            seen.tier(),
            seen.state(),
            "jdbc:postgresql://dedicated/%s".formatted(tenant),
            seen.objectStorageUrl(),
            seen.kafkaBootstrap(),
            seen.elasticsearchUrl(),
            seen.redisUrl(),
            seen.version(),
            seen.updatedAt()));

    assertThat(planner().plan(into("jdbc:postgresql://dedicated:5432/" + tenant)).refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.reason())
                  .contains("is already served from a target", "database_url");
              assertThat(refusal.remedy()).contains("Do not change what is there");
            });
  }

  /** Before the fence the tenant is ACTIVE, and only its migration's record tells of it. */
  @Test
  void aPlanForTheTargetsOfTheTenantsOwnRunningMigrationNamesItAndStandsAlone() {
    MigrationContext running = into("jdbc:postgresql://dedicated/" + tenant);
    controlPlane
        .migrations()
        .keep(Phase.PROVISION, running("r-" + tenant, running.request()), List.of());

    assertThat(planner().plan(asPlan(running)).refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.standsAlone()).isTrue();
              assertThat(refusal.reason()).contains("r-" + tenant);
              assertThat(refusal.remedy()).contains("Do not change these stores");
            });
    assertThat(planner().plan(asPlan(into("jdbc:postgresql://other/" + tenant))).refusals())
        .as("Kafka and Redis are the same targets")
        .hasSize(1);
  }

  private static MigrationContext asPlan(MigrationContext context) {
    return new MigrationContext(
        context.migrationId(),
        TemporalNames.planWorkflowId(context.tenant()),
        context.runId(),
        context.request());
  }

  @Test
  void aPlanRefusesAPrefixBelowWhichANeighbourHasItsObjectsAndWarnsOfAnotherThanTheRoutes() {
    String bucket = "shared-" + tenant;
    store("n-" + tenant, "s3://%s/tenants/n-%s".formatted(bucket, tenant));
    store("own-" + tenant, "s3://%s/tenants/own-%s/".formatted(bucket, tenant));

    PlanFindings own = planner().plan(objectsOf("own-" + tenant, bucket, "tenants/own-%s/"));
    assertThat(own.refusals()).isEmpty();
    assertThat(own.warnings()).extracting(Warning::object).containsExactly("verification.api");

    PlanFindings elsewhere = planner().plan(objectsOf("own-" + tenant, bucket, "other/"));
    assertThat(elsewhere.refusals()).isEmpty();
    assertThat(elsewhere.warnings())
        .extracting(Warning::message)
        .anyMatch(message -> message.contains("another object storage location"));

    store("twin-" + tenant, "s3://%s/tenants/own-%s".formatted(bucket, tenant));
    PlanFindings shared = planner().plan(objectsOf("own-" + tenant, bucket, "tenants/own-%s/"));
    assertThat(shared.refusals()).isEmpty();
    assertThat(shared.warnings())
        .extracting(Warning::message)
        .anyMatch(
            message ->
                message.startsWith(
                    "tenant twin-" + tenant + " has the same object storage location"));

    for (String prefix : List.of("", "tenants/", "tenants/n-%s/")) {
      assertThat(planner().plan(objectsOf("own-" + tenant, bucket, prefix)).refusals())
          .as(prefix)
          .singleElement()
          .satisfies(refusal -> assertThat(refusal.reason()).contains("tenant n-" + tenant));
    }
  }

  private void store(String name, String objects) {
    TenantConfig plain = config(name, "jdbc:postgresql://shared/s");
    configs.add(
        new TenantConfig(
            name,
            plain.tier(),
            plain.state(),
            plain.databaseUrl(),
            objects,
            plain.kafkaBootstrap(),
            plain.elasticsearchUrl(),
            plain.redisUrl(),
            1,
            plain.updatedAt()));
  }

  private MigrationContext objectsOf(String name, String bucket, String prefix) {
    return context(
        "x",
        name,
        null,
        new ObjectStorageSpec(
            new Location(null, "eu", bucket, prefix.formatted(tenant), null, null),
            new Location(null, "eu", "dedicated-" + tenant, "", null, null),
            1));
  }

  @Test
  void aPlanDuringTheTenantsOwnMigrationNamesItAndAdvisesToLeaveItsWorkAlone() {
    controlPlane.migrations().keep(Phase.FENCE, running(context), List.of());
    forward.makeReadOnly(context);
    // the one that asks is on record itself, and so are those that were refused before
    controlPlane.migrations().keep(Phase.PREFLIGHT, running(context("another")), List.of());

    assertThat(planner().plan(context("another")).refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.standsAlone()).isTrue();
              assertThat(refusal.reason()).contains(context.migrationId());
            });
  }

  private static MigrationReport running(MigrationContext context) {
    return running(context.migrationId(), context.tenant(), null);
  }

  private MigrationReport running(String migrationId, MigrationRequest request) {
    return running(migrationId, tenant, request);
  }

  private static MigrationReport running(
      String migrationId, String tenant, @Nullable MigrationRequest request) {
    return new MigrationReport(
        migrationId,
        "tenant-migration-" + tenant,
        "run",
        tenant,
        Outcome.RUNNING,
        false,
        null,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        null,
        StoresSummary.NONE,
        List.of(),
        List.of(),
        null,
        null,
        List.of(),
        List.of(),
        request);
  }

  private TenantPlanner planner() {
    return new TenantPlanner(configs, controlPlane.migrations());
  }

  private MigrationContext into(String targetUrl) {
    return context(
        "x",
        tenant,
        PostgresSpecBuilder.rows(
                new Database("jdbc:postgresql://shared/s", "u", null),
                new Database(targetUrl, "u", null))
            .build());
  }
}
