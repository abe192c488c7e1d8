package com.matih.tenantmigration.activities.postgres.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.RollbackStep.Status;
import com.matih.tenantmigration.workflow.request.OnRollback;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DedicatedDatabaseIT extends DedicatedDatabaseLab {

  private final TestGuard guard = TestGuard.permitting();

  @Test
  void aDatabaseThatIsMissingIsCreatedLikeTheSourceAndBearsTheMark() throws SQLException {
    provision();
    provision();

    assertThat(comment(target.name())).startsWith("tenant-migration " + migrationId);
    String locale = "SELECT datcollate FROM pg_database WHERE datname = current_database()";
    assertThat(target.query(locale)).isEqualTo(source.query(locale));
    assertThat(target.query("SELECT count(*) FROM tenant_migration.writer")).containsExactly("1");

    assertThat(remove(OnRollback.DROP).status()).isEqualTo(Status.DONE);
    assertThat(remove(OnRollback.DROP).status()).isEqualTo(Status.NOT_NEEDED);
    assertThat(exists(target.name())).isFalse();
  }

  @Test
  void aDroppedDatabaseTakesItsSessionsWithItAndIsNotCreatedAgainByALateAttempt()
      throws SQLException {
    provision();
    try (Connection session = target.connect();
        Connection writer = connections.open(target.spec(), migrationId, "write e1 copy")) {
      assertThat(remove(OnRollback.DROP).status()).isEqualTo(Status.DONE);
      assertThat(session.isValid(1)).isFalse();
      assertThat(writer.isValid(1)).isFalse();
    }
    assertThatThrownBy(this::provision)
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.type()).isEqualTo(FailureType.WORK_ENDED));
    assertThat(exists(target.name())).isFalse();
  }

  @Test
  void aFailedDatabaseIsKeptUnderANameThatSaysSoWithoutConnections() throws SQLException {
    provision();
    String failed = DedicatedDatabaseRemoval.failedName(target.name(), migrationId);
    try (Connection session = target.connect()) {
      RollbackStep step = remove(OnRollback.MARK_FAILED);

      assertThat(step.status()).isEqualTo(Status.DONE);
      assertThat(step.message()).contains(failed);
      assertThat(session.isValid(1)).isFalse();
    }
    assertThat(exists(target.name())).isFalse();
    assertThat(comment(failed)).contains(migrationId).contains("a check failed");
    try (Connection maintenance = target.maintenance()) {
      assertThat(
              TestDatabase.query(
                  maintenance,
                  "SELECT datallowconn FROM pg_database WHERE datname = '%s'".formatted(failed)))
          .containsExactly("f");
    }
    assertThat(remove(OnRollback.MARK_FAILED).status()).isEqualTo(Status.DONE);
  }

  @Test
  void aLongNameIsCutSoThatTheFailedDatabasesNameIsKeptWhole() {
    String failed = DedicatedDatabaseRemoval.failedName("ü".repeat(31), "0123456789ab");

    assertThat(failed).endsWith("ü_failed_0123456789ab");
    assertThat(failed.getBytes(java.nio.charset.StandardCharsets.UTF_8)).hasSizeBetween(60, 63);
  }

  @Test
  void anEmptyDatabaseThatWasThereIsEmptiedAndNotDropped() throws SQLException {
    createTarget();
    provision();
    provision();
    target.execute(
        "CREATE SCHEMA moved",
        "CREATE TYPE moved.mood AS ENUM ('good')",
        "CREATE TABLE moved.\"Odd \"\"table\" (id serial PRIMARY KEY, mood moved.mood)",
        "CREATE VIEW moved.v AS SELECT * FROM moved.\"Odd \"\"table\"",
        "CREATE FUNCTION public.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE public.t (id int)",
        "CREATE SEQUENCE public.s",
        "CREATE DOMAIN public.d AS text",
        "SELECT lo_create(0)");
    refuseWrites(context(OnRollback.DROP));

    assertThat(remove(OnRollback.MARK_FAILED).status()).isEqualTo(Status.DONE);

    assertThat(exists(target.name())).isTrue();
    try (Connection connection = target.connect()) {
      assertThat(DatabaseContents.list(connection, 10)).isEmpty();
      assertThat(TestDatabase.query(connection, "SHOW default_transaction_read_only"))
          .containsExactly("off");
    }
    assertThat(remove(OnRollback.DROP).status()).isEqualTo(Status.NOT_NEEDED);
  }

  @ParameterizedTest
  @EnumSource(OnRollback.class)
  void theDatabaseOfALiveTenantIsNeitherDroppedNorRenamedNorClosed(OnRollback onRollback)
      throws SQLException {
    provision();
    guard.permit(0);

    try (Connection tenants = target.connect()) {
      assertLive(onRollback);

      assertThat(tenants.isValid(1)).isTrue();
    }
    assertThat(exists(target.name())).isTrue();
    assertThat(comment(target.name())).doesNotContain("failed");
    assertThat(guard.asked()).containsExactly("database " + target.name());
  }

  @Test
  void theDatabaseOfALiveTenantIsNotEmptiedEither() throws SQLException {
    createTarget();
    provision();
    target.execute("CREATE TABLE public.precious (id int)");
    guard.permit(0);

    assertLive(OnRollback.DROP);

    assertThat(target.query("SELECT count(*) FROM public.precious")).containsExactly("0");
  }

  @Test
  void whatIsNotThereNeedsNoProof() throws SQLException {
    guard.permit(0);

    assertThat(remove(OnRollback.DROP).status()).isEqualTo(Status.NOT_NEEDED);
    assertThat(guard.asked()).isEmpty();
  }

  private void assertLive(OnRollback onRollback) {
    assertThatThrownBy(() -> remove(onRollback))
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.TENANT_IS_LIVE));
  }

  @Test
  void somebodyElsesDatabaseIsRefusedAndLeftByTheRollback() throws SQLException {
    createTarget("CREATE TABLE public.precious (id int)");

    assertThatThrownBy(this::provision)
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.TARGET_NOT_EMPTY))
        .hasMessageContaining("public.precious");
    RollbackStep step = remove(OnRollback.DROP);

    assertThat(step.status()).isEqualTo(Status.NOT_NEEDED);
    assertThat(step.message()).contains("public.precious");
    assertThat(target.query("SELECT count(*) FROM public.precious")).containsExactly("0");
  }

  @Test
  void aDatabaseOfAnotherMigrationIsLeftEvenIfItIsEmpty() throws SQLException {
    createTarget();
    target.inMaintenance(
        "COMMENT ON DATABASE %s IS 'tenant-migration 0000deadbeef of tenant other'"
            .formatted(target.name()));

    assertThatThrownBy(this::provision)
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("0000deadbeef");
    assertThat(remove(OnRollback.DROP).status()).isEqualTo(Status.NOT_NEEDED);
    assertThat(exists(target.name())).isTrue();
  }

  @Test
  void aMarkWithoutAnIntentIsReportedAndTheDatabaseLeft() throws SQLException {
    createTarget();
    target.inMaintenance(
        "COMMENT ON DATABASE %s IS 'tenant-migration %s of tenant acme'"
            .formatted(target.name(), migrationId));

    assertThat(remove(OnRollback.DROP).status()).isEqualTo(Status.FAILED);
    assertThat(exists(target.name())).isTrue();
  }

  @Test
  void aDatabaseThatSaysItIsInUseWithoutAnIntentIsReportedAndNotEmptied() throws SQLException {
    createTarget("CREATE TABLE public.precious (id int)");
    try (Connection database = target.connect()) {
      DatabaseMark.adopt(database, migrationId);
    }

    assertThat(remove(OnRollback.DROP).status()).isEqualTo(Status.FAILED);
    assertThat(target.query("SELECT count(*) FROM public.precious")).containsExactly("0");
  }

  @Test
  void anAttemptThatStillProvidesTheDatabaseIsEndedFirst() throws SQLException {
    try (Connection late =
        connections.open(target.spec(), "postgres", migrationId, DedicatedDatabase.SESSION)) {
      assertThat(remove(OnRollback.DROP).status()).isEqualTo(Status.NOT_NEEDED);

      assertThat(late.isValid(1)).isFalse();
    }
  }

  /** As a worker leaves it that dies before the rename. */
  @Test
  void aDatabaseThatHasNotGotItsNameYetIsDropped() throws SQLException {
    String provisional = "tenant_migration_" + migrationId;
    journal.intend(
        migrationId, DedicatedDatabase.STORE, DedicatedDatabase.creationOf(target.name()));
    target.inMaintenance("CREATE DATABASE " + provisional);
    guard.permit(0);
    assertLive(OnRollback.DROP);
    assertThat(exists(provisional)).isTrue();
    guard.permit(1);

    remove(OnRollback.DROP);

    assertThat(exists(provisional)).isFalse();
  }

  @Test
  void anAutovacuumOfTheDatabaseDoesNotKeepItFromBeingMarkedAsFailed() throws Exception {
    createRoles();
    try {
      provisionAsMover();
      target.execute(
          "CREATE TABLE public.dead (id int) WITH (autovacuum_vacuum_threshold = 1,"
              + " autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)",
          "INSERT INTO public.dead SELECT generate_series(1, 20000)",
          "DELETE FROM public.dead");
      target.inMaintenance("ALTER SYSTEM SET autovacuum_naptime = '1s'", "SELECT pg_reload_conf()");
      awaitAutovacuum();

      RollbackStep step =
          new DedicatedDatabaseRemoval(connections, journal, guard)
              .remove(context(OnRollback.MARK_FAILED, mover()), "a check failed");

      assertThat(step.status()).isEqualTo(Status.DONE);
      assertThat(exists(target.name())).isFalse();
    } finally {
      target.inMaintenance("ALTER SYSTEM RESET autovacuum_naptime", "SELECT pg_reload_conf()");
      dropTarget();
      dropRoles("mover_%1$s", "service_%1$s");
    }
  }

  private void awaitAutovacuum() throws Exception {
    String workers =
        "SELECT pid FROM pg_stat_activity WHERE datname = '%s' AND backend_type = 'autovacuum worker'"
            .formatted(target.name());
    for (int i = 0; i < 600 && target.inMaintenanceQuery(workers).isEmpty(); i++) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(target.inMaintenanceQuery(workers)).isNotEmpty();
  }

  private void createTarget(String... statements) throws SQLException {
    target.inMaintenance("CREATE DATABASE " + target.name());
    if (statements.length > 0) {
      target.execute(statements);
    }
  }

  private RollbackStep remove(OnRollback onRollback) {
    return new DedicatedDatabaseRemoval(connections, journal, guard)
        .remove(context(onRollback), "a check failed");
  }

  private boolean exists(String name) throws SQLException {
    try (Connection maintenance = target.maintenance()) {
      return !TestDatabase.query(
              maintenance, "SELECT 1 FROM pg_database WHERE datname = '%s'".formatted(name))
          .isEmpty();
    }
  }

  private String comment(String name) throws SQLException {
    try (Connection maintenance = target.maintenance()) {
      return DatabaseMark.read(maintenance, name);
    }
  }
}
