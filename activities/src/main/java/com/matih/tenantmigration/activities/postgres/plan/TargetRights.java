package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Refuses what the target's user would have no right to once the schema is there. */
final class TargetRights {

  private static final String FORCED =
      """
      SELECT n.nspname, c.relname
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = ? AND c.relrowsecurity AND c.relforcerowsecurity
         AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> ALL (?)
       ORDER BY c.relname
      """;

  private TargetRights() {}

  /**
   * The source's tables whose policies bind their owner too.
   *
   * @param staying tables that stay behind
   */
  static List<TableName> forced(Connection source, String schema, List<String> staying)
      throws SQLException {
    return Sql.list(
        source,
        FORCED,
        row -> new TableName(row.getString(1), row.getString(2)),
        schema,
        Sql.array("name", staying));
  }

  /** The checks read all rows, and must see them all. */
  static void examine(Connection maintenance, List<TableName> forced, PlanNotes findings)
      throws SQLException {
    if (forced.isEmpty()
        || Sql.isTrue(
            maintenance,
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")) {
      return;
    }
    for (TableName table : forced) {
      findings.refuse(
          table,
          "has FORCE ROW LEVEL SECURITY, which hides its rows on the dedicated side from the"
              + " target's user too, so that they could be neither loaded nor checked",
          "ALTER ROLE ... BYPASSRLS for the target's user on the target's server.");
    }
  }
}
