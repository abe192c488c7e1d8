package com.matih.tenantmigration.activities.postgres.rehearsal;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.MigrationBackends;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.client.ShortStatements;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.provision.DatabaseTemplate;
import com.matih.tenantmigration.activities.postgres.provision.TargetServer;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database of the dedicated server in which a schema is built on trial; it ends with its block.
 *
 * <p>Its name holds the migration's id and it has a mark of its own as its comment. Whoever uses it
 * holds a lock of that name in the server's maintenance database, which ends with his session; so
 * one whose lock is free was left by a worker that died, and {@link StaleScratchDatabases} drops
 * it. Several plans have several ids and do not meet.
 */
final class ScratchDatabase implements AutoCloseable {

  static final String PREFIX = "tenant_migration_rehearsal_";

  /** What the sessions are for. */
  static final String SESSION = "rehearse";

  /** The existing database cannot be a template while somebody is connected to it. */
  private static final String IN_USE = "55006";

  private static final Logger log = LoggerFactory.getLogger(ScratchDatabase.class);

  private static final int VALID_SECONDS = 5;

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final MigrationContext context;
  private final PostgresConnections connections;
  private final Connection maintenance;
  private final String name;

  private ScratchDatabase(
      MigrationContext context, PostgresConnections connections, Connection maintenance) {
    this.context = context;
    this.connections = connections;
    this.maintenance = maintenance;
    this.name = nameOf(context.migrationId());
  }

  static String nameOf(String migrationId) {
    return PREFIX + migrationId;
  }

  /** The comment by which a scratch database is known as a migration's. */
  static String mark(String migrationId) {
    return "tenant-migration rehearsal " + migrationId;
  }

  /** Whether the target's user may create one. */
  static boolean mayCreate(Connection maintenance) throws SQLException {
    return Sql.isTrue(
        maintenance, "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user");
  }

  /**
   * Creates it, as the dedicated database is: a copy of the empty one that is there, or else with
   * the source's encoding and locale. What an earlier attempt left goes first.
   */
  static ScratchDatabase create(
      MigrationContext context,
      PostgresConnections connections,
      DatabaseTemplate template,
      ProgressMonitor monitor) {
    TargetServer server = new TargetServer(connections, context);
    Connection maintenance = server.openMaintenance(SESSION);
    ScratchDatabase scratch = new ScratchDatabase(context, connections, maintenance);
    boolean created = false;
    try {
      scratch.take(maintenance, monitor);
      StaleScratchDatabases.drop(maintenance);
      scratch.drop(maintenance);
      scratch.create(server, template);
      created = true;
      return scratch;
    } catch (SQLException e) {
      throw PostgresFailures.translate("create the scratch database", scratch.name, e);
    } finally {
      if (!created) {
        scratch.close();
      }
    }
  }

  /** Takes the lock; whoever else has it is an earlier attempt at the same rehearsal. */
  private void take(Connection connection, ProgressMonitor monitor) throws SQLException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!isLocked(connection, name)) {
      monitor.throwIfCancelled();
      if (Instant.now().isAfter(deadline)) {
        throw new MigrationException(
            FailureType.STORE_ERROR,
            "Another attempt at this plan uses the database %s and does not end.".formatted(name));
      }
      MigrationBackends.terminate(connection, "postgres", context.migrationId(), SESSION);
      monitor.pause(BETWEEN_LOOKS);
    }
  }

  /** Whether this session has the lock of that scratch database, now or before. */
  static boolean isLocked(Connection maintenance, String name) throws SQLException {
    return Sql.isTrue(maintenance, "SELECT pg_try_advisory_lock(hashtextextended(?, 0))", name);
  }

  static void unlock(Connection maintenance, String name) throws SQLException {
    Sql.execute(maintenance, "SELECT pg_advisory_unlock(hashtextextended(?, 0))", name);
  }

  private void create(TargetServer server, DatabaseTemplate template) throws SQLException {
    String existing = server.databaseName();
    if (server.look(maintenance) instanceof TargetServer.Standing.Empty) {
      try {
        createDatabase(
            "CREATE DATABASE %s TEMPLATE %s"
                .formatted(Identifiers.quote(name), Identifiers.quote(existing)));
      } catch (SQLException e) {
        if (!IN_USE.equals(e.getSQLState())) {
          throw e;
        }
        createDatabase(server.template().createDatabase(name));
      }
    } else {
      createDatabase(template.createDatabase(name));
    }
    Sql.execute(
        maintenance,
        "COMMENT ON DATABASE %s IS %s"
            .formatted(
                Identifiers.quote(name),
                SqlLiterals.quote(
                    "%s of tenant %s".formatted(mark(context.migrationId()), context.tenant()))));
  }

  private void createDatabase(String statement) throws SQLException {
    ShortStatements.apartFrom(maintenance, () -> Sql.execute(maintenance, statement));
  }

  /** The database, with the surroundings that the dedicated one has. */
  DatabaseAccess access() {
    return DatabaseAccess.target(connections, context).inDatabase(name);
  }

  /** Drops it where it is there and ours; the caller has its lock. */
  private void drop(Connection connection) throws SQLException {
    if (isOurs(connection)) {
      ShortStatements.apartFrom(
          connection,
          () ->
              Sql.execute(
                  connection,
                  "DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(Identifiers.quote(name))));
    }
  }

  /**
   * Drops the database, also where the work was cancelled, whose connections are broken then. One
   * that cannot be dropped is left to the next plan.
   */
  @Override
  public void close() {
    try (WorkScope apart = WorkScope.enter(ProgressMonitor.unmonitored());
        maintenance) {
      if (maintenance.isValid(VALID_SECONDS)) {
        drop(maintenance);
      } else {
        dropAnew();
      }
    } catch (SQLException | MigrationException e) {
      log.warn("the scratch database {} stays until the next plan drops it", name, e);
    }
  }

  /** The broken session has the lock until its server notices. */
  private void dropAnew() throws SQLException {
    try (Connection anew =
        new TargetServer(connections, context).openMaintenance("end rehearsal")) {
      take(anew, ProgressMonitor.unmonitored());
      drop(anew);
    }
  }

  private boolean isOurs(Connection connection) throws SQLException {
    return Sql.text(
            connection,
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database"
                + " WHERE datname = ?",
            name)
        .filter(comment -> comment.isEmpty() || comment.startsWith(mark(context.migrationId())))
        .isPresent();
  }
}
