package com.matih.tenantmigration.activities.postgres.requestsql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What a condition of a request must be besides harmless, so that every session picks the same rows
 * by it: the one that copies, those that compare, and the writers' own, in the fence's triggers.
 */
final class RowFilterRules {

  private static final String STEADY =
      "Write a condition of the table's columns, of {tenantKey} and of other tables of {schema}.";

  private RowFilterRules() {}

  /**
   * Judges a query whose WHERE clause is the condition.
   *
   * @throws QueryRefusedException where the condition may not be used
   */
  static void judge(Connection connection, StatementTree tree)
      throws SQLException, QueryRefusedException {
    Optional<String> unsteady = UnsteadyFunctions.first(connection, tree);
    if (unsteady.isPresent()) {
      throw new QueryRefusedException(
          "calls the function %s, whose answer is not always the same".formatted(unsteady.get()),
          STEADY);
    }
    if (tree.asksSession()) {
      throw new QueryRefusedException(
          "asks for the current time, user or schema, which is not always the same", STEADY);
    }
  }
}
