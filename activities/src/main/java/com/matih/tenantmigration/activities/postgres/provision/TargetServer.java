package com.matih.tenantmigration.activities.postgres.provision;

import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The server that the dedicated database lies on, seen from its maintenance database, and what
 * stands there under the dedicated database's name.
 */
public final class TargetServer {

  /** How many of a foreign database's objects are named. */
  private static final int NAMED_OBJECTS = 5;

  private final PostgresConnections connections;
  private final PostgresSpec.Database target;
  private final String migrationId;

  public TargetServer(PostgresConnections connections, MigrationContext context) {
    this.connections = connections;
    this.target = context.spec(PostgresSpec.class).target();
    this.migrationId = context.migrationId();
  }

  /** What stands under the dedicated database's name. */
  public sealed interface Standing {

    /** Nothing. */
    record Absent() implements Standing {}

    /** A database that this migration created: it has our mark. */
    record Created() implements Standing {}

    /** A database that was there, empty, and that this migration has taken into use. */
    record Adopted() implements Standing {}

    /** A database that holds nothing and has no mark of a migration. */
    record Empty() implements Standing {}

    /**
     * Somebody else's.
     *
     * @param why what shows it, as a predicate
     */
    record Foreign(String why) implements Standing {}
  }

  /** The dedicated database's name. */
  public String databaseName() {
    return connections.address(target).database();
  }

  /** Under which the database is created, until it has its mark. */
  String provisionalName() {
    return "tenant_migration_" + migrationId;
  }

  /** Connects to a database that is always there, for short statements. */
  public Connection openMaintenance(String what) {
    return connections.openShort(target, "postgres", migrationId, what);
  }

  /**
   * Connects to the dedicated database, to write even while it refuses writes, by statements that
   * may take long.
   */
  Connection openDatabase(String what) {
    return new DatabaseAccess(connections, target, migrationId).openForWrites(what);
  }

  /** What the dedicated database, which is there, was made with. */
  public DatabaseTemplate template() throws SQLException {
    try (Connection database = connections.openShort(target, migrationId, "look")) {
      return DatabaseTemplate.read(database);
    }
  }

  /**
   * The extensions in a schema of the dedicated database, which is there, that the user cannot move
   * into another schema.
   */
  public List<String> extensionsFixedIn(String schema) throws SQLException {
    try (Connection database = connections.openShort(target, migrationId, "look")) {
      return Sql.texts(
          database,
          "SELECT e.extname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
              + " WHERE n.nspname = ?"
              + " AND NOT (e.extrelocatable AND pg_has_role(e.extowner, 'USAGE'))"
              + " ORDER BY e.extname",
          schema);
    }
  }

  public Standing look(Connection maintenance) throws SQLException {
    String name = databaseName();
    Optional<Boolean> open = allowsConnections(maintenance, name);
    if (open.isEmpty()) {
      return new Standing.Absent();
    }
    String comment = DatabaseMark.read(maintenance, name);
    if (DatabaseMark.isOurs(comment, migrationId)) {
      return new Standing.Created();
    }
    if (DatabaseMark.isSomeMigrations(comment)) {
      return new Standing.Foreign("has the mark '%s'".formatted(comment));
    }
    if (!open.get()) {
      return new Standing.Foreign("accepts no connections");
    }
    try (Connection database = connections.openShort(target, migrationId, "look")) {
      Optional<String> adopter = DatabaseMark.adopter(database);
      if (adopter.isPresent()) {
        return adopter.get().equals(migrationId)
            ? new Standing.Adopted()
            : new Standing.Foreign("is in use by migration " + adopter.get());
      }
      List<DatabaseContents.UserObject> objects = DatabaseContents.list(database, NAMED_OBJECTS);
      return objects.isEmpty()
          ? new Standing.Empty()
          : new Standing.Foreign("is not empty: it contains " + named(objects));
    }
  }

  boolean exists(Connection maintenance, String name) throws SQLException {
    return allowsConnections(maintenance, name).isPresent();
  }

  private static Optional<Boolean> allowsConnections(Connection maintenance, String name)
      throws SQLException {
    return Sql.first(
        maintenance,
        "SELECT datallowconn FROM pg_database WHERE datname = ?",
        row -> row.getBoolean(1),
        name);
  }

  private static String named(List<DatabaseContents.UserObject> objects) {
    String list =
        String.join(", ", objects.stream().map(DatabaseContents.UserObject::toString).toList());
    return objects.size() < NAMED_OBJECTS ? list : list + " …";
  }
}
