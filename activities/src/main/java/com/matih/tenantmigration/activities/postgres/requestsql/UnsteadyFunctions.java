package com.matih.tenantmigration.activities.postgres.requestsql;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Finds in a statement what makes it answer something else over the same rows. */
final class UnsteadyFunctions {

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

  /** Of a function that is no part of PostgreSQL, only IMMUTABLE says that it asks no clock. */
  private static final String STABLE_OF_SOMEBODY =
      """
      SELECT 1
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
       WHERE p.oid = ANY (?) AND p.provolatile = 's' AND n.nspname <> 'pg_catalog'
      """;

  private UnsteadyFunctions() {}

  /** The first such function. */
  static Optional<String> first(Connection connection, StatementTree tree) throws SQLException {
    return Sql.first(
        connection, UNSTEADY, row -> row.getString(1), Sql.array("oid", tree.functions()));
  }

  /** Whether there may be any, those included that another function calls. */
  static boolean ofQuery(Connection connection, StatementTree tree) throws SQLException {
    return tree.asksSession()
        || first(connection, tree).isPresent()
        || Sql.first(
                connection,
                STABLE_OF_SOMEBODY,
                row -> row.getInt(1),
                Sql.array("oid", tree.functions()))
            .isPresent();
  }
}
