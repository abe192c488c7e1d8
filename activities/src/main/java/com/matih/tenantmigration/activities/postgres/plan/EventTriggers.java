package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.fence.FenceTrial;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Refuses a shared database whose event triggers do not let the fence be raised and removed. */
final class EventTriggers {

  private static final String ENABLED =
      """
      SELECT e.evtname
        FROM pg_event_trigger e
       WHERE e.evtenabled IN ('O', 'A') AND e.evtevent IN
             ('ddl_command_start', 'ddl_command_end', 'sql_drop')
         AND (e.evttags IS NULL
              OR e.evttags && ARRAY['CREATE SCHEMA', 'CREATE FUNCTION', 'CREATE TRIGGER',
                                    'ALTER TABLE', 'DROP TRIGGER', 'DROP FUNCTION', 'DROP SCHEMA'])
       ORDER BY e.evtname
      """;

  private EventTriggers() {}

  /** Tries the fence where there are any, and leaves nothing. */
  static void examine(
      Connection source, MigrationContext context, List<TenantTable> tables, PlanNotes findings)
      throws SQLException {
    List<String> enabled = Sql.texts(source, ENABLED);
    if (enabled.isEmpty()) {
      return;
    }
    String names = String.join(", ", enabled);
    try {
      if (!FenceTrial.passes(source, context, tables)) {
        findings.warn(
            "event triggers " + names,
            "may refuse the write fence; that was not tried, because all tables are in use.");
      }
    } catch (SQLException e) {
      if (PostgresFailures.type(e).retryable()) {
        throw e;
      }
      findings.refuse(
          "event triggers " + names,
          "do not let the write fence be raised on the shared side: " + PostgresFailures.reason(e),
          "Make them exempt the source's user, or disable them for the migration.");
    }
  }
}
