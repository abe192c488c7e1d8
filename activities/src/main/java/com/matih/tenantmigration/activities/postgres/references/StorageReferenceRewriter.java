package com.matih.tenantmigration.activities.postgres.references;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Rewrites references into the shared storage, on the target, to where the objects lie now.
 *
 * <p>The mapping must not be applied to its own result, so all is done in one transaction, together
 * with the note that it is done.
 */
public final class StorageReferenceRewriter {

  private StorageReferenceRewriter() {}

  /**
   * Rewrites all references that the request names, each table in one pass.
   *
   * @param schema the schema under which the tables stand on the target at the moment
   */
  public static void rewrite(Connection transaction, MigrationRequest request, String schema)
      throws SQLException {
    StorageReferenceMapping mapping = StorageReferenceMapping.of(request).orElse(null);
    if (mapping == null) {
      return;
    }
    PostgresSpec spec = Objects.requireNonNull(request.postgres(), "request without postgres");
    for (String table : RequestedReferences.tables(spec)) {
      TableName name = new TableName(schema, table);
      List<ReferenceColumn> columns = RequestedReferences.of(transaction, spec, name);
      Sql.execute(
          transaction,
          "UPDATE %s AS t SET %s WHERE %s"
              .formatted(
                  rows(transaction, name).sql(),
                  columns.stream()
                      .map(
                          column ->
                              Identifiers.quote(column.name()) + " = " + column.mapped(mapping))
                      .collect(Collectors.joining(", ")),
                  columns.stream()
                      .map(column -> column.isMapped(mapping))
                      .collect(Collectors.joining(" OR "))));
    }
  }

  /** Rows of a table that inherits from it are rewritten where the request names that one. */
  private static TableRows rows(Connection transaction, TableName table) throws SQLException {
    return new TableRows(
        table,
        Sql.isTrue(
            transaction,
            "SELECT " + TableRows.hasChildren("?::text::regclass"),
            Identifiers.quote(table)));
  }
}
