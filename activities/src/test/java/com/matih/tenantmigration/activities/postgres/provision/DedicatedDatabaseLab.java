package com.matih.tenantmigration.activities.postgres.provision;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.TestRequests;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.OnRollback;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * A shared database, and a dedicated one that a migration provides and that goes with each test.
 */
public abstract class DedicatedDatabaseLab {

  private static @Nullable TestDatabase shared;

  public final MigrationJournal journal = TestJournal.shared();
  public final TestDatabase source = source();
  public final PostgresConnections connections =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());
  public final String migrationId = TestJournal.newMigrationId();
  public final TestDatabase target = TestDatabase.named(TestServers.dedicatedPostgres());

  /** A database from which nothing is read but its settings. */
  private static synchronized TestDatabase source() {
    TestDatabase present = shared;
    if (present == null) {
      try {
        present = TestDatabase.create(TestServers.postgres());
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      shared = present;
    }
    return present;
  }

  @AfterEach
  void dropTarget() throws SQLException {
    target.close();
    target.inMaintenance(
        "DROP DATABASE IF EXISTS \"%s\""
            .formatted(DedicatedDatabaseRemoval.failedName(target.name(), migrationId)));
  }

  /** A user that may create databases and is nobody special, and a service's. */
  final void createRoles(String... more) throws SQLException {
    List<String> statements = new ArrayList<>();
    statements.add("CREATE ROLE mover_%1$s LOGIN CREATEDB PASSWORD 'secret'");
    statements.add("CREATE ROLE service_%1$s LOGIN PASSWORD 'secret'");
    statements.addAll(List.of(more));
    for (String statement : statements) {
      target.inMaintenance(statement.formatted(migrationId));
    }
  }

  final void dropRoles(String... roles) throws SQLException {
    target.close();
    for (String role : roles) {
      target.inMaintenance("DROP ROLE " + role.formatted(migrationId));
    }
  }

  final PostgresSpec.Database mover() {
    return target.specAs("mover_" + migrationId);
  }

  final void provisionAsMover() {
    new DedicatedDatabase(connections, journal)
        .provision(context(OnRollback.DROP, mover()), ProgressMonitor.unmonitored());
  }

  final void provision() {
    new DedicatedDatabase(connections, journal)
        .provision(context(OnRollback.DROP), ProgressMonitor.unmonitored());
  }

  final void refuseWrites(MigrationContext context) {
    new DatabaseWriteSwitch(connections, journal)
        .refuseWrites(
            context, Ledger.takeOver(DatabaseAccess.target(connections, context), Attempt.next()));
  }

  final MigrationContext context(OnRollback onRollback) {
    return context(onRollback, target.spec());
  }

  final MigrationContext context(OnRollback onRollback, PostgresSpec.Database database) {
    return TestRequests.context(
        migrationId,
        TestRequests.request(
            "acme",
            PostgresSpecBuilder.rows(source.spec(), database).build(),
            null,
            List.of(),
            onRollback));
  }
}
