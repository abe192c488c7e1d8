package com.matih.tenantmigration.activities.tenantconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.RollbackStep.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ConfigurationIT extends ConfiguredTenant {

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
        .hasMessageContaining("something other than a migration");
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
  void theStatementThatIsNamedLetsTheWayBackBeFinished() throws SQLException {
    TenantConfig before = config();
    forward.makeReadOnly(context);
    forward.switchRoute(context);
    configs.compareAndSet(config(), config().withTier("PREMIUM"));
    String message = back.routeBack(context).message();

    try (Connection connection = controlPlane.database().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(message.substring(message.indexOf("UPDATE ")));
    }

    assertThat(config().saysTheSameAs(before.withState(State.READ_ONLY))).isTrue();
    assertThat(back.routeBack(context).status()).isEqualTo(Status.DONE);
    assertThat(back.reactivate(context).status()).isEqualTo(Status.DONE);
    assertThat(config().saysTheSameAs(before)).isTrue();
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
  void theAuditTrailTellsTheVersionThatWasStored() {
    forward.makeReadOnly(context);

    assertThat(controlPlane.auditTrail().list(tenant))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line.details().path("after").path("version").asLong())
                    .isEqualTo(config().version()));
  }

  private static void assertConflict(ThrowingCallable step) {
    assertThatThrownBy(step)
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.CONFIGURATION_CONFLICT));
  }
}
