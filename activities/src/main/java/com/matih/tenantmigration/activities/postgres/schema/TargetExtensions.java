package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.Extension;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Creates the extensions that a schema's objects need, in the schemas where they expect them. */
public final class TargetExtensions {

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
      Sql.execute(target, "CREATE SCHEMA IF NOT EXISTS " + Identifiers.quote(extension.schema()));
      Sql.execute(
          target,
          "CREATE EXTENSION IF NOT EXISTS %s SCHEMA %s CASCADE"
              .formatted(
                  Identifiers.quote(extension.name()), Identifiers.quote(extension.schema())));
      if (!sourceSchema.equals(finalSchema)
          && extension.schema().equals(finalSchema)
          && !isRelocatable(target, extension)) {
        throw new MigrationException(
            FailureType.NOT_MOVABLE,
            ("The extension %s cannot be moved out of the schema %s, which is the"
                    + " name of the target schema. Choose another targetSchema.")
                .formatted(extension.name(), finalSchema));
      }
    }
  }

  private static boolean isRelocatable(Connection target, Extension extension) throws SQLException {
    return Sql.isTrue(
        target, "SELECT extrelocatable FROM pg_extension WHERE extname = ?", extension.name());
  }
}
