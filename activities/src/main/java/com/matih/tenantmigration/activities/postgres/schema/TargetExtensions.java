package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.Extension;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Optional;

/** Creates the extensions that a schema's objects need, in the schemas where they expect them. */
public final class TargetExtensions {

  private static final String NO_RIGHT = "42501";

  private TargetExtensions() {}

  /**
   * Creates what is missing.
   *
   * @param finalSchema the name that the tenant's schema will take; an extension that stands there
   *     must be one that can be moved out of the way, and back
   * @throws MigrationException of type NOT_MOVABLE where it is not
   */
  public static void create(
      Connection target, List<Extension> extensions, String sourceSchema, String finalSchema)
      throws SQLException {
    for (Extension extension : extensions) {
      if (!extension.suspected() || isAvailable(target, extension)) {
        create(target, extension);
        requirePlace(target, extension, sourceSchema, finalSchema);
      }
    }
  }

  /** Creates one; what is only suspected is left out where the user may not create it. */
  private static void create(Connection target, Extension extension) throws SQLException {
    Savepoint before = target.setSavepoint();
    try {
      Sql.execute(target, "CREATE SCHEMA IF NOT EXISTS " + Identifiers.quote(extension.schema()));
      Sql.execute(
          target,
          "CREATE EXTENSION IF NOT EXISTS %s SCHEMA %s CASCADE"
              .formatted(
                  Identifiers.quote(extension.name()), Identifiers.quote(extension.schema())));
      target.releaseSavepoint(before);
    } catch (SQLException e) {
      if (!extension.suspected() || !NO_RIGHT.equals(e.getSQLState())) {
        throw e;
      }
      target.rollback(before);
    }
  }

  /** The archive names its objects in the schema that it has on the source. */
  private static void requirePlace(
      Connection target, Extension extension, String sourceSchema, String finalSchema)
      throws SQLException {
    Optional<String> place =
        Sql.text(
            target,
            "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
                + " WHERE e.extname = ?",
            extension.name());
    if (place.isPresent() && !place.get().equals(extension.schema()) && !extension.suspected()) {
      throw new MigrationException(
          FailureType.NOT_MOVABLE,
          "The extension %s is in the schema %s of the dedicated database, but in %s on the source. Move it there with ALTER EXTENSION ... SET SCHEMA."
              .formatted(extension.name(), place.get(), extension.schema()));
    }
    if (!sourceSchema.equals(finalSchema)
        && extension.schema().equals(finalSchema)
        && place.isPresent()
        && !isRelocatable(target, extension)) {
      throw new MigrationException(
          FailureType.NOT_MOVABLE,
          ("The extension %s cannot be moved out of the schema %s, which is the"
                  + " name of the target schema. Choose another targetSchema.")
              .formatted(extension.name(), finalSchema));
    }
  }

  private static boolean isAvailable(Connection target, Extension extension) throws SQLException {
    return Sql.text(
            target, "SELECT name FROM pg_available_extensions WHERE name = ?", extension.name())
        .isPresent();
  }

  private static boolean isRelocatable(Connection target, Extension extension) throws SQLException {
    return Sql.isTrue(
        target, "SELECT extrelocatable FROM pg_extension WHERE extname = ?", extension.name());
  }
}
