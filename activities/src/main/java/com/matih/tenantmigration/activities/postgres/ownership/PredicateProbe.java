package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Optional;

/** Asks the server whether a table's rows can be picked by a rule, without reading any. */
final class PredicateProbe {

  private PredicateProbe() {}

  /** Why the tenant's rows cannot be read, or empty where they can. */
  static Optional<String> obstacle(
      Connection source, TableRows table, TenantPredicate rule, String tenantKey)
      throws SQLException {
    String schema = table.table().schema();
    String sql =
        "SELECT 1 FROM %s AS t WHERE %s LIMIT 0".formatted(table.sql(), rule.sql(schema, "t"));
    // an error would end the caller's transaction
    Savepoint savepoint = source.getAutoCommit() ? null : source.setSavepoint();
    try {
      Sql.execute(source, sql);
      if (savepoint != null) {
        source.releaseSavepoint(savepoint);
      }
      return Optional.empty();
    } catch (SQLException e) {
      Optional<String> obstacle = describe(e, schema, tenantKey);
      if (obstacle.isEmpty()) {
        throw e;
      }
      if (savepoint != null) {
        source.rollback(savepoint);
      }
      return obstacle;
    }
  }

  private static Optional<String> describe(SQLException e, String schema, String tenantKey) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    if (state.equals("42501")) {
      return Optional.of("cannot be read: " + PostgresFailures.reason(e));
    }
    if (state.equals("42883") && PostgresFailures.isOfAFunction(e)) {
      return Optional.of(
          ("cannot be read: an index or a constraint of it calls a function that calls something by its"
                  + " bare name, which is not looked for in a schema where others may create"
                  + " objects: %s. REVOKE CREATE ON SCHEMA %s from them, or give the function a"
                  + " search_path of its own")
              .formatted(PostgresFailures.reason(e), schema));
    }
    // class 22: no value of the column's type; 42883: the type has no equality
    return state.startsWith("22") || state.equals("42883")
        ? Optional.of(
            "has a tenant column that cannot contain the tenant key '%s': %s"
                .formatted(tenantKey, PostgresFailures.reason(e)))
        : Optional.empty();
  }
}
