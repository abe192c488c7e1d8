package com.matih.tenantmigration.activities.postgres.drain;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Validates, when the tenant works on the dedicated side, the foreign keys that were created
 * without a look at the rows that were there. Validating locks nothing that writes need.
 */
public final class KeyValidation {

  private static final String NOT_VALID =
      """
      SELECT n.nspname, c.relname, k.conname
        FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE k.contype = 'f' AND NOT k.convalidated AND k.conparentid = 0
       ORDER BY n.nspname, c.relname, k.conname
      """;

  private final PostgresConnections connections;

  public KeyValidation(PostgresConnections connections) {
    this.connections = connections;
  }

  private record Key(TableName table, String name) {}

  /** Validates those that are valid on the shared side; repeatable. */
  public void validate(MigrationContext context, ProgressMonitor monitor) {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    Set<Key> notValidBefore = new HashSet<>();
    DatabaseAccess.source(connections, context)
        .look(
            "validate", "read the foreign keys of", "the shared database", KeyValidation::notValid)
        .forEach(
            key ->
                notValidBefore.add(
                    key.table().schema().equals(spec.sourceSchema())
                        ? new Key(key.table().in(spec.targetSchema()), key.name())
                        : key));
    try (Connection target =
        DatabaseAccess.target(connections, context).openForWrites("validate")) {
      List<Key> keys = notValid(target);
      for (int i = 0; i < keys.size(); i++) {
        Key key = keys.get(i);
        monitor.update(new Progress(i, keys.size(), "keys", "validating " + key.name()));
        if (!notValidBefore.contains(key)) {
          Sql.execute(
              target,
              "ALTER TABLE %s VALIDATE CONSTRAINT %s"
                  .formatted(Identifiers.quote(key.table()), Identifiers.quote(key.name())));
        }
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("validate a foreign key of", "the dedicated database", e);
    }
  }

  private static List<Key> notValid(Connection connection) throws SQLException {
    return Sql.list(
        connection,
        NOT_VALID,
        row -> new Key(new TableName(row.getString(1), row.getString(2)), row.getString(3)));
  }
}
