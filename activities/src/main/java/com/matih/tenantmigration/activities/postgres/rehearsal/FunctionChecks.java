package com.matih.tenantmigration.activities.postgres.rehearsal;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Has the server check the functions of a schema as it does when one is created with {@code
 * check_function_bodies}: the text of a function in SQL must name what is there, one in PL/pgSQL
 * must be well formed. An archive is restored without that check.
 */
final class FunctionChecks {

  private static final String FUNCTIONS =
      """
      SELECT format('%I.%I(%s)', n.nspname, f.proname, oidvectortypes(f.proargtypes)) AS identity,
             f.oid::bigint AS oid,
             quote_ident(vn.nspname) || '.' || quote_ident(v.proname) AS validator
        FROM pg_proc f
        JOIN pg_namespace n ON n.oid = f.pronamespace
        JOIN pg_language l ON l.oid = f.prolang AND l.lanname IN ('sql', 'plpgsql')
        JOIN pg_proc v ON v.oid = l.lanvalidator
        JOIN pg_namespace vn ON vn.oid = v.pronamespace
       WHERE n.nspname = ?
         AND NOT EXISTS (SELECT 1 FROM pg_depend e
                          WHERE e.classid = 'pg_proc'::regclass AND e.objid = f.oid
                            AND e.deptype = 'e')
       ORDER BY 1
      """;

  private static final String QUOTED_LENGTH = "SELECT length(quote_ident(?))";

  private FunctionChecks() {}

  private record Function(String identity, long oid, String validator) {}

  /**
   * Warns of each function that passes on the shared side and does not on trial.
   *
   * @param scratch not in autocommit mode, with the schema under its final name
   */
  static void examine(
      Connection source,
      String sourceSchema,
      Connection scratch,
      String targetSchema,
      PlanNotes findings)
      throws SQLException {
    Map<String, String> there = failing(scratch, targetSchema);
    if (there.isEmpty()) {
      return;
    }
    Map<String, String> here = failing(source, sourceSchema);
    there.forEach(
        (function, reason) -> {
          if (!here.containsKey(function)) {
            findings.warn(
                "%s.%s".formatted(sourceSchema, function),
                ("does not pass the server's check on the dedicated side, as it does on the shared"
                        + " one: %s. Correct the function there, or what it names.")
                    .formatted(reason));
          }
        });
  }

  /** The functions that do not pass, without their schema, and why. */
  private static Map<String, String> failing(Connection connection, String schema)
      throws SQLException {
    Map<String, String> failing = new LinkedHashMap<>();
    boolean wasAutoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try {
      // the schema comes first in a name, and has another one on each side
      int prefix = Sql.one(connection, QUOTED_LENGTH, row -> row.getInt(1), schema) + 1;
      for (Function function :
          Sql.list(
              connection,
              FUNCTIONS,
              row -> new Function(row.getString(1), row.getLong(2), row.getString(3)),
              schema)) {
        Savepoint before = connection.setSavepoint();
        try {
          Sql.execute(
              connection, "SELECT %s(%d::oid)".formatted(function.validator(), function.oid()));
        } catch (SQLException e) {
          if (PostgresFailures.type(e).retryable()) {
            throw e;
          }
          failing.put(function.identity().substring(prefix), PostgresFailures.reason(e));
        } finally {
          connection.rollback(before);
        }
      }
      return failing;
    } finally {
      connection.rollback();
      connection.setAutoCommit(wasAutoCommit);
    }
  }
}
