package com.matih.tenantmigration.activities.postgres.references;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Rewrites references into the shared storage, on the target, to where the objects lie now.
 *
 * <p>The mapping must not be applied to its own result, so all is done in one transaction, together
 * with the note that it is done.
 */
public final class StorageReferenceRewriter {

  private StorageReferenceRewriter() {}

  /**
   * Rewrites all references that the request names.
   *
   * @param schema the schema under which the tables stand on the target at the moment
   */
  public static void rewrite(Connection transaction, MigrationRequest request, String schema)
      throws SQLException {
    PostgresSpec spec = request.postgres();
    StorageReferenceMapping mapping = StorageReferenceMapping.of(request).orElse(null);
    if (spec == null || mapping == null) {
      return;
    }
    for (PostgresSpec.StorageReference reference : spec.storageReferences()) {
      String column = Identifiers.quote(reference.column());
      String value = column + "::text";
      Sql.execute(
          transaction,
          "UPDATE %s SET %s = %s WHERE %s"
              .formatted(
                  Identifiers.quote(new TableName(schema, bareName(reference.table(), spec))),
                  column,
                  mapping.expression(value),
                  mapping.condition(value)));
    }
  }

  /** The plan saw that the table exists, with the source's schema before its name or without. */
  private static String bareName(String table, PostgresSpec spec) {
    String prefix = spec.sourceSchema() + ".";
    return table.startsWith(prefix) ? table.substring(prefix.length()) : table;
  }
}
