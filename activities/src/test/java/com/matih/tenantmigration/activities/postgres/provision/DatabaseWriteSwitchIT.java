package com.matih.tenantmigration.activities.postgres.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.OnRollback;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DatabaseWriteSwitchIT extends DedicatedDatabaseLab {

  @Test
  void aDatabaseRefusesWritesUntilItIsOpenedAndSessionsOfBeforeAreEnded() throws SQLException {
    provision();
    target.execute("CREATE TABLE public.t (id int)");
    DatabaseWriteSwitch writes = new DatabaseWriteSwitch(connections, journal);
    refuseWrites(context(OnRollback.DROP));
    refuseWrites(context(OnRollback.DROP));
    try (Connection pooled = target.connect()) {
      assertThatThrownBy(() -> TestDatabase.execute(pooled, "INSERT INTO public.t VALUES (1)"))
          .hasMessageContaining("read-only transaction");

      writes.openForWrites(context(OnRollback.DROP));
      assertThat(pooled.isValid(1)).isFalse();
    }
    try (Connection fresh = target.connect()) {
      writes.openForWrites(context(OnRollback.DROP));
      TestDatabase.execute(fresh, "INSERT INTO public.t VALUES (1)");
    }
  }

  @Test
  void anAttemptThatWasHeldUpDoesNotCloseTheDatabaseAgain() throws SQLException {
    provision();
    MigrationContext context = context(OnRollback.DROP);
    DatabaseAccess access = DatabaseAccess.target(connections, context);
    DatabaseWriteSwitch writes = new DatabaseWriteSwitch(connections, journal);
    long earlier = Ledger.takeOver(access, Attempt.next());
    long last = Ledger.takeOver(access, Attempt.next());
    assertFails(FailureType.WRITER_SUPERSEDED, () -> writes.refuseWrites(context, earlier));
    assertOpen();

    writes.refuseWrites(context, last);
    writes.openForWrites(context);

    assertFails(FailureType.WORK_ENDED, () -> writes.refuseWrites(context, last));
    assertFails(FailureType.WORK_ENDED, () -> Ledger.takeOver(access, Attempt.next()));
    assertOpen();

    Ledger.drop(access);
    assertThatThrownBy(() -> writes.refuseWrites(context, last))
        .isInstanceOf(MigrationException.class);
    assertThatThrownBy(() -> refuseWrites(context)).isInstanceOf(MigrationException.class);
    assertOpen();
    writes.openForWrites(context);
    assertOpen();
  }

  @Test
  void anAttemptThatStoppedBeforeItsCommitDoesNotHoldUpTheOpening() throws SQLException {
    provision();
    MigrationContext context = context(OnRollback.DROP);
    DatabaseAccess access = DatabaseAccess.target(connections, context);
    long epoch = Ledger.takeOver(access, Attempt.next());
    try (Connection stopped = access.openForWrites(Ledger.writing(epoch, "write switch"))) {
      stopped.setAutoCommit(false);
      Ledger.requireCurrent(stopped, epoch);
      TestDatabase.execute(
          stopped,
          "ALTER DATABASE %s SET default_transaction_read_only = on".formatted(target.name()));

      new DatabaseWriteSwitch(connections, journal).openForWrites(context);

      assertThatThrownBy(stopped::commit).isInstanceOf(SQLException.class);
    }
    assertOpen();
  }

  private static void assertFails(FailureType type, ThrowingCallable late) {
    assertThatThrownBy(late)
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.type()).isEqualTo(type));
  }

  private void assertOpen() throws SQLException {
    assertThat(target.query("SHOW default_transaction_read_only")).containsExactly("off");
  }

  @Test
  void aSessionThatTheUserMayNotEndDoesNotKeepTheDatabaseFromOpening() throws SQLException {
    // a member of "service", through a role that does not inherit, and sees its sessions
    createRoles(
        "CREATE ROLE middle_%1$s NOINHERIT IN ROLE service_%1$s",
        "GRANT middle_%1$s, pg_read_all_stats TO mover_%1$s");
    try {
      provisionAsMover();
      refuseWritesAsMover();
      try (Connection pooled = connectAs("service_" + migrationId)) {
        openForWritesAsMover();

        assertThat(pooled.isValid(1)).isTrue();
      }
      assertThat(target.query("SHOW default_transaction_read_only")).containsExactly("off");
    } finally {
      dropRoles("middle_%1$s", "mover_%1$s", "service_%1$s");
    }
  }

  @Test
  void theRightToSignalBackendsEndsSessionsOfRolesThatTheUserDoesNotBelongTo() throws SQLException {
    createRoles("GRANT pg_signal_backend TO mover_%1$s");
    try {
      provisionAsMover();
      refuseWritesAsMover();
      try (Connection pooled = connectAs("service_" + migrationId)) {
        openForWritesAsMover();

        assertThat(pooled.isValid(1)).isFalse();
      }
    } finally {
      dropRoles("mover_%1$s", "service_%1$s");
    }
  }

  private void refuseWritesAsMover() {
    refuseWrites(context(OnRollback.DROP, mover()));
  }

  private void openForWritesAsMover() {
    new DatabaseWriteSwitch(connections, journal).openForWrites(context(OnRollback.DROP, mover()));
  }

  private Connection connectAs(String role) throws SQLException {
    return DriverManager.getConnection(target.spec().url(), role, "secret");
  }
}
