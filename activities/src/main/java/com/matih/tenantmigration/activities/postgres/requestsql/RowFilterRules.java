package com.matih.tenantmigration.activities.postgres.requestsql;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What a condition of a request must be besides harmless, so that every session picks the same rows
 * by it: the one that copies, those that compare, and the writers' own, in the fence's triggers.
 */
final class RowFilterRules {

  /** Functions that answer another time, or in another session, with something else. */
  private static final String UNSTEADY =
      """
      SELECT p.proname
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
       WHERE p.oid = ANY (?)
         AND (p.provolatile = 'v'
              OR n.nspname = 'pg_catalog'
                 AND (p.proname IN ('now', 'transaction_timestamp', 'statement_timestamp',
                                    'current_setting', 'current_schema', 'current_schemas',
                                    'current_database', 'version')
                      OR p.proname = 'age' AND p.pronargs = 1
                      OR p.proname LIKE 'inet\\_client\\_%' OR p.proname LIKE 'inet\\_server\\_%'
                      OR p.proname LIKE 'txid\\_%' OR p.proname LIKE 'pg\\_current\\_%'
                      OR p.proname LIKE 'pg\\_stat\\_get\\_%'
                      OR p.proname LIKE 'has\\_%\\_privilege'
                      OR p.proname IN ('pg_backend_pid', 'pg_has_role', 'row_security_active')))
       ORDER BY 1 LIMIT 1
      """;

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
    Optional<String> unsteady =
        Sql.first(
            connection, UNSTEADY, row -> row.getString(1), Sql.array("oid", tree.functions()));
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
