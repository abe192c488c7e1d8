package com.matih.tenantmigration.activities.tenantconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantRemovalGuardIT extends ConfiguredTenant {

  private final TenantRemovalGuard guard = new TenantRemovalGuard(configs);
  private final MigrationContext move =
      context(UUID.randomUUID().toString(), tenant, database(), objects());
  private final AtomicInteger removed = new AtomicInteger();
  private final String neighbour = "n-" + UUID.randomUUID().toString().substring(0, 8);

  /** All tests move to the same places. */
  @AfterEach
  void removeTenants() throws SQLException {
    execute("DELETE FROM tenant_control.tenant_config");
  }

  @Test
  void aTenantThatWasNeverThereOrIsBackIsProvenSo() {
    assertThat(remove()).isEqualTo(1);

    MigrationContext second = context(UUID.randomUUID().toString());
    forward.makeReadOnly(second);
    assertThat(guard.<String, RuntimeException>removing(second, "x", () -> "on the shared side"))
        .isEqualTo("on the shared side");

    MigrationContext third = context(UUID.randomUUID().toString());
    back.reactivate(second);
    forward.makeReadOnly(third);
    forward.switchRoute(third);
    back.routeBack(third);
    back.reactivate(third);
    assertThat(guard.<String, RuntimeException>removing(third, "x", () -> "back"))
        .isEqualTo("back");
  }

  @Test
  void nothingIsRemovedOnceTheTenantIsActiveOnTheDedicatedSide() {
    forward.makeReadOnly(move);
    forward.switchRoute(move);
    forward.activate(move);

    assertLive("has activated tenant " + tenant);
    assertThat(controlPlane.auditTrail().list(tenant))
        .as("an activated migration is not withdrawn")
        .extracting(line -> line.event())
        .doesNotContain("CONFIGURATION_WITHDRAWN");
  }

  @Test
  void nothingIsRemovedWhileTheRouteIsSwitchedOrTheTenantNotActiveAgain() {
    forward.makeReadOnly(move);
    forward.switchRoute(move);
    assertLive("was switched to the dedicated side and not restored");

    back.routeBack(move);
    assertLive("state is READ_ONLY instead of ACTIVE");

    back.reactivate(move);
    assertThat(remove()).isEqualTo(1);
  }

  @Test
  void nothingIsRemovedOnceTheRowIsGone() throws SQLException {
    assertThat(remove()).isEqualTo(1);
    execute("DELETE FROM tenant_control.tenant_config WHERE tenant_id = ?", tenant);

    assertLive("has no row in tenant_control.tenant_config");
  }

  /** Somebody pointed the route at it by hand, under one of its many names. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "database_url | jdbc:postgresql://dedicated.example/acme?ssl=true",
        "database_url | jdbc:postgresql://Dedicated.Example:5432,standby:5433/acme",
        "object_storage_url | s3://acme-dedicated/",
        "object_storage_url | s3://acme-dedicated",
        "object_storage_url | s3://acme-dedicated/below",
        "kafka_bootstrap | other:9092, dedicated:9092",
        "redis_url | redis://dedicated",
        "redis_url | rediss://dedicated:6379/0"
      })
  void nothingIsRemovedWhileTheTenantsRouteNamesThePlace(String column, String route)
      throws SQLException {
    assertThat(remove()).isEqualTo(1);
    route(tenant, column, route);

    assertLive("%s is %s".formatted(column, route));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "database_url | jdbc:postgresql://dedicated.example/acme2",
        "database_url | jdbc:postgresql://other.example/acme",
        "object_storage_url | s3://acme-dedicated-2/",
        "kafka_bootstrap | dedicated:9093",
        "redis_url | redis://dedicated/1"
      })
  void anotherPlaceIsNotTheOne(String column, String route) throws SQLException {
    route(tenant, column, route);

    assertThat(remove()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdbc:postgresql://dedicated.example/acme", "s3://acme-dedicated/n/"})
  void nothingIsRemovedThatServesAnotherTenant(String place) throws SQLException {
    configs.add(config(neighbour, "jdbc:postgresql://shared/s"));
    assertThat(remove()).isEqualTo(1);
    route(neighbour, place.startsWith("s3:") ? "object_storage_url" : "database_url", place);

    assertLive("it serves tenant " + neighbour);
  }

  @Test
  void aClusterThatIsSourceAndTargetAlikeTellsNothing() throws SQLException {
    route(tenant, "kafka_bootstrap", "shared:9092");

    assertThat(remove()).isEqualTo(1);
  }

  @Test
  void fromTheProofOnNoStepForwardOfTheMigrationGetsThrough() {
    forward.makeReadOnly(move);
    assertThat(remove()).isEqualTo(1);

    assertThatThrownBy(() -> forward.switchRoute(move))
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.CONFIGURATION_CONFLICT));
    assertThat(config().databaseUrl()).isEqualTo("jdbc:postgresql://shared/s");
  }

  @Test
  void aMigrationStaysWithdrawnWhereTheRemovalFails() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                guard.remove(
                    move,
                    "x",
                    () -> {
                      throw new IOException("the store's own failure");
                    }))
        .withMessage("the store's own failure");

    assertThatThrownBy(() -> forward.makeReadOnly(move)).isInstanceOf(MigrationException.class);
  }

  /** The lock is gone with its connection, while the store still removes. */
  @Test
  void aMigrationStaysWithdrawnWhereTheConnectionBreaksThatHoldsTheLock() {
    forward.makeReadOnly(move);

    assertThatExceptionOfType(MigrationException.class)
        .isThrownBy(
            () ->
                guard.remove(
                    move,
                    "database acme",
                    () -> {
                      removed.incrementAndGet();
                      breakTheConnectionThatHoldsTheLock();
                    }));
    assertThat(removed).hasValue(1);

    assertThatThrownBy(() -> forward.switchRoute(move))
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.CONFIGURATION_CONFLICT));
    assertThat(config().databaseUrl()).isEqualTo("jdbc:postgresql://shared/s");
  }

  /** A removal for each turn that there is, and one more. */
  @Test
  void aRemovalThatHasEndedMakesRoomForTheNext() {
    for (int i = 0; i < 5; i++) {
      assertThat(remove()).isEqualTo(1);
    }
  }

  /** Another migration of the tenant, which no line of this one's keeps back. */
  @Test
  void aSwitchWaitsForTheRemovalThatHoldsTheLock() throws Exception {
    MigrationContext other = context(UUID.randomUUID().toString(), tenant, database(), objects());
    forward.makeReadOnly(other);
    CountDownLatch removing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<TenantConfig> seenByTheRemoval =
        CompletableFuture.supplyAsync(
            () ->
                guard.removing(
                    move,
                    "database acme",
                    () -> {
                      removing.countDown();
                      awaitOpen(goOn);
                      return config();
                    }));
    awaitOpen(removing);

    CompletableFuture<Void> switching =
        CompletableFuture.runAsync(() -> forward.switchRoute(other));
    awaitALockThatIsWaitedFor();
    assertThat(switching).isNotDone();
    goOn.countDown();

    assertThat(seenByTheRemoval.get(30, TimeUnit.SECONDS).databaseUrl())
        .as("as long as the removal lasted")
        .isEqualTo("jdbc:postgresql://shared/s");
    switching.get(30, TimeUnit.SECONDS);
    assertLive("names the dedicated side");
  }

  @Test
  void aStepBeginsAnewUntilTheRouteIsSwitchedAndTakesNoStepItsRight() {
    forward.makeReadOnly(move);

    beginAnew();
    forward.switchRoute(move);

    assertThat(removed).hasValue(1);
    assertThatExceptionOfType(MigrationException.class)
        .isThrownBy(this::beginAnew)
        .satisfies(e -> assertThat(e.type()).isEqualTo(FailureType.TENANT_IS_LIVE));
    back.routeBack(move);
    back.reactivate(move);
    assertEnded();
    assertThat(removed).hasValue(1);
  }

  @Test
  void aStepDoesNotBeginAnewOnceTheWayBackRemovesWhatItMade() {
    forward.makeReadOnly(move);
    back.reactivate(move);
    remove();

    assertEnded();
    assertThat(removed).hasValue(1);
  }

  private void assertEnded() {
    assertThatExceptionOfType(MigrationException.class)
        .isThrownBy(this::beginAnew)
        .withMessageContaining("is past the step that would start over")
        .satisfies(e -> assertThat(e.type()).isEqualTo(FailureType.WORK_ENDED));
  }

  private void beginAnew() {
    guard.beginAnew(move, "topic x", removed::incrementAndGet);
  }

  private int remove() {
    removed.set(0);
    guard.remove(move, "database acme", removed::incrementAndGet);
    return removed.get();
  }

  private void assertLive(String why) {
    removed.set(0);
    assertThatExceptionOfType(MigrationException.class)
        .isThrownBy(() -> guard.remove(move, "database acme", removed::incrementAndGet))
        .withMessageStartingWith("Database acme was not removed: ")
        .withMessageContaining(why)
        .satisfies(e -> assertThat(e.type()).isEqualTo(FailureType.TENANT_IS_LIVE))
        .satisfies(e -> assertThat(e.type().retryable()).isFalse());
    assertThat(removed).hasValue(0);
  }

  private void breakTheConnectionThatHoldsTheLock() throws SQLException {
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND pid <> pg_backend_pid() AND state = 'idle in transaction'");
  }

  private static void awaitOpen(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void awaitALockThatIsWaitedFor() throws Exception {
    String waiting =
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            + " AND wait_event_type = 'Lock' AND query LIKE '%FOR UPDATE%'";
    for (int i = 0; i < 600; i++) {
      try (Connection connection = controlPlane.database().getConnection();
          PreparedStatement statement = connection.prepareStatement(waiting)) {
        if (statement.executeQuery().next()) {
          return;
        }
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError("nobody waits for the row");
  }

  private void route(String of, String column, String route) throws SQLException {
    execute(
        "UPDATE tenant_control.tenant_config SET %s = ?, version = version + 1 WHERE tenant_id = ?"
            .formatted(column),
        route,
        of);
  }

  private void execute(String sql, String... values) throws SQLException {
    try (Connection connection = controlPlane.database().getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      statement.execute();
    }
  }

  private static PostgresSpec database() {
    return PostgresSpecBuilder.rows(
            new PostgresSpec.Database("jdbc:postgresql://shared/s", "mover", null),
            new PostgresSpec.Database(
                "jdbc:postgresql://dedicated.example:5432/acme", "mover", null))
        .sourceSchema("shared_schema")
        .build();
  }

  private static ObjectStorageSpec objects() {
    return new ObjectStorageSpec(
        new ObjectStorageSpec.Location(null, "eu-1", "shared", "t/", "${env:A}", "${env:B}"),
        new ObjectStorageSpec.Location(null, "eu-1", "acme-dedicated", "", "${env:A}", "${env:B}"),
        32);
  }
}
