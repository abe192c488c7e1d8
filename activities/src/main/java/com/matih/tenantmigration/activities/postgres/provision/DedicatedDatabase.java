package com.matih.tenantmigration.activities.postgres.provision;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.client.ShortStatements;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.provision.TargetServer.Standing;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Creates the dedicated database, or takes into use the empty one that is there.
 *
 * <p>Its creation is on record before it begins and after the absence of a database of that name
 * was proven. It is created under a name that only this migration uses and gets its mark there; the
 * rename to its own name is atomic, so whatever stands under the dedicated database's name and has
 * our mark is ours, and nothing else is. {@link DedicatedDatabaseRemoval} undoes it.
 */
public final class DedicatedDatabase {

  static final String STORE = StoreName.POSTGRES.key();

  /** What the sessions are for that create a database; a removal ends them first. */
  static final String SESSION = "provision";

  private final PostgresConnections connections;
  private final MigrationJournal journal;

  public DedicatedDatabase(PostgresConnections connections, MigrationJournal journal) {
    this.connections = connections;
    this.journal = journal;
  }

  /**
   * Provides the dedicated database with an empty ledger in it; repeatable.
   *
   * @throws MigrationException of type TARGET_NOT_EMPTY where somebody else's database has the
   *     name, of type WORK_ENDED where the database was given up already
   */
  public void provision(MigrationContext context, ProgressMonitor monitor) {
    TargetServer server = new TargetServer(connections, context);
    String name = server.databaseName();
    monitor.update(new Progress(0, 1, "databases", "providing database " + name));
    try (Connection maintenance = server.openMaintenance(SESSION)) {
      requireNotGivenUp(context);
      Standing standing = server.look(maintenance);
      if (standing instanceof Standing.Foreign foreign) {
        throw new MigrationException(
            FailureType.TARGET_NOT_EMPTY,
            "The dedicated database %s %s. Name another one as postgres.target.url."
                .formatted(name, foreign.why()));
      }
      if (standing instanceof Standing.Absent) {
        create(context, server, maintenance);
      }
      monitor.throwIfCancelled();
      try (Connection database = server.openDatabase(SESSION)) {
        ShortStatements.only(database);
        if (standing instanceof Standing.Empty) {
          journal.intend(context.migrationId(), STORE, adoptionOf(name));
          DatabaseMark.adopt(database, context.migrationId());
        }
        Ledger.create(database);
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("provision the dedicated database", name, e);
    }
  }

  /** How the journal names the intent to create a database. */
  static String creationOf(String database) {
    return "database " + database;
  }

  /** How the journal names the intent to take an empty database into use. */
  static String adoptionOf(String database) {
    return "adopted database " + database;
  }

  /** Under which the journal keeps that a removal has begun. */
  static final String GIVEN_UP = "database given up";

  private void requireNotGivenUp(MigrationContext context) {
    if (journal.recall(context.migrationId(), STORE, GIVEN_UP, Boolean.class).isPresent()) {
      throw new MigrationException(
          FailureType.WORK_ENDED, "The dedicated database of this migration was already removed.");
    }
  }

  private void create(MigrationContext context, TargetServer server, Connection maintenance)
      throws SQLException {
    String name = server.databaseName();
    String provisional = server.provisionalName();
    journal.intend(context.migrationId(), STORE, creationOf(name));
    if (!server.exists(maintenance, provisional)) {
      String statement = template(context).createDatabase(provisional);
      DurableAct.CREATE_DATABASE.run(
          () -> ShortStatements.apartFrom(maintenance, () -> Sql.execute(maintenance, statement)));
    }
    Sql.execute(
        maintenance,
        "COMMENT ON DATABASE %s IS %s"
            .formatted(
                Identifiers.quote(provisional), SqlLiterals.quote(DatabaseMark.comment(context))));
    DurableAct.NAME_DATABASE.run(
        () ->
            Sql.execute(
                maintenance,
                "ALTER DATABASE %s RENAME TO %s"
                    .formatted(Identifiers.quote(provisional), Identifiers.quote(name))));
  }

  private DatabaseTemplate template(MigrationContext context) throws SQLException {
    try (Connection source =
        connections.openShort(
            context.spec(PostgresSpec.class).source(), context.migrationId(), SESSION)) {
      return DatabaseTemplate.read(source);
    }
  }
}
