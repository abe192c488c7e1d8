package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/** Fills materialized views from the rows that were copied. */
public final class MaterializedViews {

  /** {@code object_not_in_prerequisite_state}: a view that this one reads is still empty. */
  private static final String NOT_YET = "55000";

  private MaterializedViews() {}

  /** Fills all of the views anew. */
  public static void refill(Connection transaction, String schema, List<String> views)
      throws SQLException {
    for (String view : views) {
      Sql.execute(
          transaction,
          "REFRESH MATERIALIZED VIEW %s WITH NO DATA"
              .formatted(Identifiers.quote(new TableName(schema, view))));
    }
    refresh(transaction, schema, views);
  }

  /**
   * Fills those of the views that are empty, each after the ones that it reads.
   *
   * @param views unqualified, in about the order in which they were created
   */
  public static void refresh(Connection transaction, String schema, List<String> views)
      throws SQLException {
    List<String> open = new ArrayList<>();
    for (String view : views) {
      if (!isPopulated(transaction, schema, view)) {
        open.add(view);
      }
    }
    while (!open.isEmpty()) {
      List<String> later = new ArrayList<>();
      for (String view : open) {
        boolean isLast = later.size() == open.size() - 1;
        if (!refreshed(transaction, new TableName(schema, view), isLast)) {
          later.add(view);
        }
      }
      open = later;
    }
  }

  /** Whether it could be filled already; the last hope of a round throws what is in its way. */
  private static boolean refreshed(Connection transaction, TableName view, boolean isLastHope)
      throws SQLException {
    Savepoint before = transaction.setSavepoint();
    try {
      Sql.execute(transaction, "REFRESH MATERIALIZED VIEW " + Identifiers.quote(view));
      transaction.releaseSavepoint(before);
      return true;
    } catch (SQLException e) {
      if (!NOT_YET.equals(e.getSQLState()) || isLastHope) {
        throw e;
      }
      transaction.rollback(before);
      return false;
    }
  }

  private static boolean isPopulated(Connection connection, String schema, String view)
      throws SQLException {
    return Sql.isTrue(
        connection,
        "SELECT c.relispopulated FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = ? AND c.relname = ? AND c.relkind = 'm'",
        schema,
        view);
  }
}
