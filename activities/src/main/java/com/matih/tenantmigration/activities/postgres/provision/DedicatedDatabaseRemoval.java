package com.matih.tenantmigration.activities.postgres.provision;

import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.postgres.client.MigrationBackends;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.client.ShortStatements;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.provision.TargetServer.Standing;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.RollbackStep.Status;
import com.matih.tenantmigration.workflow.request.OnRollback;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Undoes {@link DedicatedDatabase}: drops the database that this migration created or marks it as
 * failed, empties the one that was there before, and leaves everybody else's alone.
 *
 * <p>A database is ours where the journal says that we meant to create it and it has our mark;
 * where only one of the two is so, it is left and reported. First the sessions of earlier attempts
 * are ended, so that none of them writes on or creates a database again. Then it is looked at and
 * removed in one step, while the {@link RemovalGuard} keeps the tenant from being served from it.
 */
public final class DedicatedDatabaseRemoval {

  private final PostgresConnections connections;
  private final MigrationJournal journal;
  private final RemovalGuard guard;
  private final DatabaseWriteSwitch writeSwitch;

  public DedicatedDatabaseRemoval(
      PostgresConnections connections, MigrationJournal journal, RemovalGuard guard) {
    this.connections = connections;
    this.journal = journal;
    this.guard = guard;
    this.writeSwitch = new DatabaseWriteSwitch(connections, journal);
  }

  /**
   * Removes what this migration provided; repeatable.
   *
   * @param reason why, for the comment on a database that is kept as failed
   * @throws com.matih.tenantmigration.workflow.MigrationException of type TENANT_IS_LIVE where the
   *     tenant may be served from it
   */
  public RollbackStep remove(MigrationContext context, String reason) {
    var unused =
        journal.remember(
            context.migrationId(),
            DedicatedDatabase.STORE,
            DedicatedDatabase.GIVEN_UP,
            Boolean.class,
            () -> Boolean.TRUE);
    TargetServer server = new TargetServer(connections, context);
    String name = server.databaseName();
    try (Connection maintenance = server.openMaintenance("remove")) {
      MigrationBackends.terminate(
          maintenance, "postgres", context.migrationId(), DedicatedDatabase.SESSION);
      Intents intents = intents(context, name);
      boolean provisional =
          intents.creation() && server.exists(maintenance, server.provisionalName());
      Standing standing = server.look(maintenance);
      return provisional || isOurs(standing)
          ? guard.removing(
              context,
              "database " + name,
              () -> removeOurs(context, server, maintenance, intents, reason))
          : leave(context, server, maintenance, standing);
    } catch (SQLException e) {
      throw PostgresFailures.translate("remove the dedicated database", name, e);
    }
  }

  private static boolean isOurs(Standing standing) {
    return standing instanceof Standing.Created || standing instanceof Standing.Adopted;
  }

  private RollbackStep removeOurs(
      MigrationContext context,
      TargetServer server,
      Connection maintenance,
      Intents intents,
      String reason)
      throws SQLException {
    String name = server.databaseName();
    if (intents.creation()) {
      dropProvisional(server, maintenance);
    }
    Standing standing = server.look(maintenance);
    if (standing instanceof Standing.Created) {
      return removeCreated(context, maintenance, name, intents, reason);
    }
    if (standing instanceof Standing.Adopted) {
      return empty(context, server, maintenance, intents);
    }
    return leave(context, server, maintenance, standing);
  }

  private static RollbackStep removeCreated(
      MigrationContext context, Connection maintenance, String name, Intents intents, String reason)
      throws SQLException {
    if (!intents.creation()) {
      return step(
          Status.FAILED,
          ("Database %s belongs to this migration by its mark, but the journal does"
                  + " not say that the migration created it. It was left behind. Drop it by"
                  + " hand once you know that nobody uses it.")
              .formatted(name));
    }
    MigrationBackends.terminate(maintenance, name, context.migrationId(), "");
    if (context.request().onRollback() == OnRollback.MARK_FAILED) {
      return markFailed(context, maintenance, name, reason);
    }
    ShortStatements.apartFrom(
        maintenance,
        () ->
            Sql.execute(
                maintenance, "DROP DATABASE %s WITH (FORCE)".formatted(Identifiers.quote(name))));
    return step(Status.DONE, "Database %s was dropped.".formatted(name));
  }

  private static RollbackStep markFailed(
      MigrationContext context, Connection maintenance, String name, String reason)
      throws SQLException {
    String failed = failedName(name, context.migrationId());
    String quoted = Identifiers.quote(name);
    Sql.execute(
        maintenance,
        "COMMENT ON DATABASE %s IS %s"
            .formatted(quoted, SqlLiterals.quote(DatabaseMark.failedComment(context, reason))));
    Sql.execute(maintenance, "ALTER DATABASE %s WITH ALLOW_CONNECTIONS false".formatted(quoted));
    MigrationBackends.terminateAll(maintenance, name);
    Sql.execute(
        maintenance, "ALTER DATABASE %s RENAME TO %s".formatted(quoted, Identifiers.quote(failed)));
    return step(Status.DONE, keptAs(name, failed));
  }

  private RollbackStep empty(
      MigrationContext context, TargetServer server, Connection maintenance, Intents intents)
      throws SQLException {
    String name = server.databaseName();
    if (!intents.adoption()) {
      return step(
          Status.FAILED,
          ("Database %s belongs to this migration by its mark, but the journal does"
                  + " not say that the migration used it. It was left behind. Empty it by hand"
                  + " once you know that nobody uses it.")
              .formatted(name));
    }
    MigrationBackends.terminate(maintenance, name, context.migrationId(), "");
    writeSwitch.restore(context, maintenance, name);
    try (Connection database = server.openDatabase("empty")) {
      DatabaseContents.drop(database, DatabaseMark.extensionsBefore(database));
    }
    return step(Status.DONE, "Database %s, which existed before, was emptied.".formatted(name));
  }

  private RollbackStep leave(
      MigrationContext context, TargetServer server, Connection maintenance, Standing standing)
      throws SQLException {
    String name = server.databaseName();
    String failed = failedName(name, context.migrationId());
    if (server.exists(maintenance, failed)
        && DatabaseMark.isOurs(DatabaseMark.read(maintenance, failed), context.migrationId())) {
      return step(Status.DONE, keptAs(name, failed));
    }
    if (standing instanceof Standing.Foreign foreign) {
      return step(
          Status.NOT_NEEDED,
          "Database %s %s and does not belong to this migration; it was not changed."
              .formatted(name, foreign.why()));
    }
    return step(
        Status.NOT_NEEDED,
        standing instanceof Standing.Absent
            ? "There is no database %s.".formatted(name)
            : "Database %s is empty and was not changed.".formatted(name));
  }

  /** A database that has not got its own name yet; the name alone makes it ours. */
  private static void dropProvisional(TargetServer server, Connection maintenance)
      throws SQLException {
    ShortStatements.apartFrom(
        maintenance,
        () ->
            Sql.execute(
                maintenance,
                "DROP DATABASE IF EXISTS %s WITH (FORCE)"
                    .formatted(Identifiers.quote(server.provisionalName()))));
  }

  private Intents intents(MigrationContext context, String name) {
    return new Intents(
        intended(context, DedicatedDatabase.creationOf(name)),
        intended(context, DedicatedDatabase.adoptionOf(name)));
  }

  private boolean intended(MigrationContext context, String object) {
    return journal.intended(context.migrationId(), DedicatedDatabase.STORE, object);
  }

  /**
   * {@code <name>_failed_<migration>}, the name cut so that the whole is one that PostgreSQL keeps.
   */
  public static String failedName(String name, String migrationId) {
    String suffix = "_failed_" + migrationId;
    int room = Identifiers.MAX_BYTES - suffix.length();
    String kept = name;
    while (kept.getBytes(StandardCharsets.UTF_8).length > room) {
      kept = kept.substring(0, kept.offsetByCodePoints(kept.length(), -1));
    }
    return kept + suffix;
  }

  private static String keptAs(String name, String failed) {
    return "Database %s is kept as %s, without connections.".formatted(name, failed);
  }

  /** What the journal says this migration meant to do with the database. */
  private record Intents(boolean creation, boolean adoption) {}

  private static RollbackStep step(Status status, String message) {
    return new RollbackStep(Compensation.DROP_DATABASE.name(), status, message);
  }
}
