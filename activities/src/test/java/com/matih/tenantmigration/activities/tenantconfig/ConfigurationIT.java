package com.matih.tenantmigration.activities.tenantconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.controlplane.TenantConfigs;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.RollbackStep.Status;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.OnRollback;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Database;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import com.matih.tenantmigration.workflow.request.SnapshotSpec;
import com.matih.tenantmigration.workflow.request.TierChange;
import com.matih.tenantmigration.workflow.request.VerificationSpec;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfigurationIT {

  private static final String DATABASE =
      "configuration_" + UUID.randomUUID().toString().replace("-", "");
  private static ControlPlane controlPlane;

  private final TenantConfigs configs = controlPlane.tenantConfigs();
  private final ConfigurationSwitch forward =
      new ConfigurationSwitch(configs, controlPlane.auditTrail(), new SecretResolver(name -> "v"));
  private final ConfigurationRestore back = new ConfigurationRestore(configs);
  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);
  private final MigrationContext context = context(UUID.randomUUID().toString());

  @BeforeAll
  static void open() throws SQLException {
    PostgresServer server = TestServers.postgres();
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl("postgres"), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + DATABASE);
    }
    controlPlane = ControlPlane.open(server.jdbcUrl(DATABASE), server.user(), server.password());
    controlPlane.upgrade();
  }

  @AfterAll
  static void close() {
    controlPlane.close();
  }

  @BeforeEach
  void addTenant() {
    configs.add(config(tenant, "jdbc:postgresql://shared/s"));
  }

  private static TenantConfig config(String tenant, String databaseUrl) {
    return new TenantConfig(
        tenant,
        "STARTER",
        State.ACTIVE,
        databaseUrl,
        "s3://shared/t/",
        "shared:9092",
        "http://shared:9200",
        "redis://shared",
        1,
        Instant.EPOCH);
  }

  @Test
  void theWayForwardChangesStateThenRouteThenTier() {
    TenantConfig before = config();

    forward.makeReadOnly(context);
    assertThat(config().saysTheSameAs(before.withState(State.READ_ONLY))).isTrue();

    forward.switchRoute(context);
    assertThat(config().kafkaBootstrap()).isEqualTo("dedicated:9092");
    assertThat(config().redisUrl()).isEqualTo("redis://dedicated:6379");
    assertThat(config().databaseUrl()).as("not in the request").isEqualTo(before.databaseUrl());
    assertThat(config().state()).isEqualTo(State.READ_ONLY);
    assertThat(config().tier()).isEqualTo("STARTER");
    assertThat(forward.isActivated(context)).isFalse();

    forward.activate(context);
    assertThat(config().state()).isEqualTo(State.ACTIVE);
    assertThat(config().tier()).isEqualTo("ENTERPRISE");
    assertThat(forward.isActivated(context)).isTrue();
    assertThat(config().version()).isEqualTo(4);
  }

  @Test
  void aStepThatIsTriedAgainChangesNothingMore() {
    forward.makeReadOnly(context);
    forward.makeReadOnly(context);
    forward.switchRoute(context);
    forward.makeReadOnly(context);
    forward.switchRoute(context);
    forward.activate(context);
    forward.activate(context);

    assertThat(config().version()).isEqualTo(4);
    assertThat(controlPlane.auditTrail().list(tenant))
        .extracting(line -> line.event())
        .containsExactly("TENANT_READ_ONLY", "ROUTE_SWITCHED", "TENANT_ACTIVATED");
  }

  @Test
  void theWayBackRestoresEveryColumnButVersionAndTime() {
    TenantConfig before = config();
    forward.makeReadOnly(context);
    forward.switchRoute(context);

    assertThat(back.routeBack(context).status()).isEqualTo(Status.DONE);
    assertThat(config().saysTheSameAs(before.withState(State.READ_ONLY))).isTrue();
    assertThat(back.reactivate(context).status()).isEqualTo(Status.DONE);
    assertThat(config().saysTheSameAs(before)).isTrue();
    assertThat(config().version()).isEqualTo(5);
  }

  @Test
  void theWayBackMayBeRepeated() {
    forward.makeReadOnly(context);
    forward.switchRoute(context);
    back.routeBack(context);
    back.reactivate(context);
    long version = config().version();

    assertThat(back.routeBack(context).status()).isEqualTo(Status.DONE);
    assertThat(back.reactivate(context).status()).isEqualTo(Status.DONE);
    assertThat(config().version()).isEqualTo(version);
  }

  @Test
  void whatThisMigrationDidNotChangeNeedsNoWayBack() {
    assertThat(back.routeBack(context).status()).isEqualTo(Status.NOT_NEEDED);
    assertThat(back.reactivate(context).status()).isEqualTo(Status.NOT_NEEDED);
    assertThat(config().version()).isEqualTo(1);
  }

  @Test
  void aTenantThatWasOnlyReadOnlyIsReactivated() {
    forward.makeReadOnly(context);

    assertThat(back.routeBack(context).status()).isEqualTo(Status.NOT_NEEDED);
    assertThat(back.reactivate(context).status()).isEqualTo(Status.DONE);
    assertThat(config().state()).isEqualTo(State.ACTIVE);
  }

  @Test
  void aLateAttemptForwardGetsNothingThroughOnceTheWayBackHasBegun() {
    back.routeBack(context);
    back.reactivate(context);

    assertConflict(() -> forward.makeReadOnly(context));
    assertConflict(() -> forward.switchRoute(context));
    assertConflict(() -> forward.activate(context));
    assertThat(config().version()).isEqualTo(1);
  }

  @Test
  void nothingGoesBackOnceTheTenantIsActiveOnTheDedicatedSide() {
    forward.makeReadOnly(context);
    forward.switchRoute(context);
    forward.activate(context);

    assertThat(back.routeBack(context).status()).isEqualTo(Status.FAILED);
    assertThat(back.reactivate(context).status()).isEqualTo(Status.FAILED);
    assertThat(config().kafkaBootstrap()).isEqualTo("dedicated:9092");
    assertThat(config().state()).isEqualTo(State.ACTIVE);
    forward.activate(context); // and the last act is still found done
  }

  @Test
  void aChangeBySomebodyElseStopsTheWayForwardAndIsNamed() {
    forward.makeReadOnly(context);
    TenantConfig left = config();
    configs.compareAndSet(left, left.withTier("PREMIUM"));

    assertThatThrownBy(() -> forward.switchRoute(context))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("tier is PREMIUM instead of STARTER")
        .hasMessageContaining("somebody other than a migration");
    assertThat(config().tier()).isEqualTo("PREMIUM");
  }

  @Test
  void aChangeBySomebodyElseIsLeftByTheWayBackAndReported() {
    forward.makeReadOnly(context);
    forward.switchRoute(context);
    TenantConfig left = config();
    configs.compareAndSet(left, left.withTier("PREMIUM"));

    assertThat(back.routeBack(context).status()).isEqualTo(Status.FAILED);
    assertThat(back.routeBack(context).message()).contains("tier is PREMIUM instead of STARTER");
    assertThat(back.reactivate(context).status())
        .as("the route is still switched")
        .isEqualTo(Status.FAILED);
    assertThat(config().tier()).isEqualTo("PREMIUM");
    assertThat(config().state()).isEqualTo(State.READ_ONLY);
  }

  @Test
  void anotherMigrationsChangeIsNamedByItsId() {
    MigrationContext other = context("another-one");
    forward.makeReadOnly(other);

    assertThatThrownBy(() -> forward.makeReadOnly(context))
        .hasMessageContaining("state is READ_ONLY instead of ACTIVE")
        .hasMessageContaining("another-one");
  }

  @Test
  void anActivationThatFailedAsAConflictCannotHappenLater() {
    forward.makeReadOnly(context);
    forward.switchRoute(context);
    TenantConfig left = config();
    configs.compareAndSet(left, left.withTier("PREMIUM"));
    assertConflict(() -> forward.activate(context));

    configs.compareAndSet(config(), left); // as it was, so that only the withdrawal stops it
    assertConflict(() -> forward.activate(context));
    assertThat(forward.isActivated(context)).isFalse();
    assertThat(back.routeBack(context).status()).isEqualTo(Status.DONE);
  }

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
              assertThat(refusal.remedy()).contains("Leave these stores as they are");
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

  @Test
  void theAuditTrailTellsTheVersionThatWasStored() {
    forward.makeReadOnly(context);

    assertThat(controlPlane.auditTrail().list(tenant))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line.details().path("after").path("version").asLong())
                    .isEqualTo(config().version()));
  }

  private static MigrationReport running(MigrationContext context) {
    return new MigrationReport(
        context.migrationId(),
        context.workflowId(),
        context.runId(),
        context.tenant(),
        Outcome.RUNNING,
        false,
        null,
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
        null);
  }

  private TenantPlanner planner() {
    return new TenantPlanner(configs, controlPlane.migrations(), new SecretResolver(name -> "v"));
  }

  private static void assertConflict(ThrowingCallable step) {
    assertThatThrownBy(step)
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.CONFIGURATION_CONFLICT));
  }

  private TenantConfig config() {
    return configs.find(tenant).orElseThrow();
  }

  private MigrationContext context(String migrationId) {
    return context(migrationId, tenant);
  }

  private MigrationContext into(String targetUrl) {
    return context(
        "x",
        tenant,
        new PostgresSpec(
            new Database("jdbc:postgresql://shared/s", "u", null),
            new Database(targetUrl, "u", null),
            Isolation.ROWS,
            "shared",
            "public",
            "tenant_id",
            List.of(),
            List.of(),
            1,
            List.of()));
  }

  private static MigrationContext context(String migrationId, String tenant) {
    return context(migrationId, tenant, null);
  }

  private static MigrationContext context(
      String migrationId, String tenant, @Nullable PostgresSpec postgres) {
    MigrationRequest request =
        new MigrationRequest(
            tenant,
            tenant,
            new TierChange("STARTER", "ENTERPRISE"),
            Approval.AUTOMATIC,
            OnRollback.DROP,
            Duration.ZERO,
            new SnapshotSpec("file:/snapshots"),
            postgres,
            null,
            new KafkaSpec(
                new KafkaSpec.Cluster("shared:9092", Map.of()),
                new KafkaSpec.Cluster("dedicated:9092", Map.of()),
                List.of(),
                List.of()),
            null,
            new RedisSpec(
                new RedisSpec.Source("redis://shared", "t:"),
                new RedisSpec.Target("redis://:${env:REDIS}@dedicated:6379"),
                List.of()),
            VerificationSpec.NONE);
    return new MigrationContext(migrationId, "tenant-migration-" + tenant, "run", request);
  }
}
