package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.report.Units;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Compares the sessions that a migration opens at a time with those that a server, a database and
 * the user may still have, so that neither it nor a service meets "too many clients".
 */
final class ConnectionRoom {

  /**
   * Beside the workers of the pass over the rows, which are the most: three other checks, one that
   * looks after the workers, one that cancels.
   */
  private static final int BESIDE = 5;

  /** This session is one of those that the migration opens. */
  private static final String ROOM =
      """
      SELECT least(
               current_setting('max_connections')::int
                 - CASE WHEN r.rolsuper THEN 0
                        ELSE current_setting('superuser_reserved_connections')::int
                             + coalesce(current_setting('reserved_connections', true), '0')::int END
                 - (SELECT count(*) FROM pg_stat_activity
                     WHERE usesysid IS NOT NULL AND pid <> pg_backend_pid()),
               CASE WHEN r.rolconnlimit < 0 OR r.rolsuper THEN 2147483647
                    ELSE r.rolconnlimit - (SELECT count(*) FROM pg_stat_activity
                                            WHERE usesysid = r.oid AND pid <> pg_backend_pid()) END,
               CASE WHEN coalesce(d.datconnlimit, -1) < 0 OR r.rolsuper THEN 2147483647
                    ELSE d.datconnlimit - (SELECT count(*) FROM pg_stat_activity
                                            WHERE datid = d.oid AND pid <> pg_backend_pid()) END)
        FROM pg_roles r LEFT JOIN pg_database d ON d.datname = ?
       WHERE r.rolname = current_user
      """;

  private ConnectionRoom() {}

  /**
   * Refuses a side that has too few, and warns where little is left for others.
   *
   * @param side the side's name in the request
   * @param database the side's, which may not be there yet
   */
  static void examine(
      Connection server, String side, String database, int parallelism, PlanNotes findings)
      throws SQLException {
    int needed = parallelism + BESIDE;
    long free = Sql.number(server, ROOM, database);
    String what =
        "accepts %s at the moment (max_connections and the limits of user and database), and the migration opens up to %d at a time"
            .formatted(Units.plural(Math.max(0, free), "more session"), needed);
    String remedy =
        "Raise max_connections (or CONNECTION LIMIT), end idle sessions, or lower parallelism.";
    if (free < needed) {
      findings.refuse(side, what, remedy);
    } else if (free < 2L * needed) {
      findings.warn(side, "%s: little is left for others. %s".formatted(what, remedy));
    }
  }
}
