package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.LateCheck;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * CHECK constraints that may read other tables: taken away before rows are loaded table by table,
 * and added again when all have arrived.
 */
public final class LateChecks {

  private LateChecks() {}

  /** Takes the constraints from the tables, which are there and empty; repeatable. */
  public static void drop(Connection transaction, List<LateCheck> checks) throws SQLException {
    for (LateCheck check : checks) {
      Sql.execute(
          transaction,
          "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s"
              .formatted(table(check), Identifiers.quote(check.name())));
    }
  }

  /**
   * Adds them again, in place of what stands, and has every row pass them.
   *
   * @throws com.matih.tenantmigration.workflow.MigrationException that names the constraint which
   *     could not be added
   */
  public static void addAll(Connection transaction, List<LateCheck> checks) throws SQLException {
    drop(transaction, checks);
    for (LateCheck check : checks) {
      try {
        add(transaction, check);
      } catch (SQLException e) {
        throw PostgresFailures.translate(
            "add the constraint %s to".formatted(check.name()),
            new TableName(check.schema(), check.table()).toString(),
            e);
      }
    }
  }

  /** Adds one. */
  public static void add(Connection transaction, LateCheck check) throws SQLException {
    String name = Identifiers.quote(check.name());
    Sql.execute(
        transaction,
        "ALTER TABLE %s ADD CONSTRAINT %s %s".formatted(table(check), name, check.definition()));
    if (check.comment() != null) {
      Sql.execute(
          transaction,
          "COMMENT ON CONSTRAINT %s ON %s IS %s"
              .formatted(name, table(check), SqlLiterals.quote(check.comment())));
    }
  }

  private static String table(LateCheck check) {
    return Identifiers.quote(new TableName(check.schema(), check.table()));
  }
}
