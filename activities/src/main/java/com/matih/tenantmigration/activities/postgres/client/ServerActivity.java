package com.matih.tenantmigration.activities.postgres.client;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Whether a server is at work for a session of ours: a statement that counts a large table or
 * builds an index says nothing for hours, and is no reason to give up.
 */
public final class ServerActivity {

  /**
   * One that waits for somebody's lock, or for us, gets nowhere. The wait events are those of the
   * manual's chapter "The Cumulative Statistics System".
   */
  private static final String BUSY =
      "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = ?"
          + " AND pid <> pg_backend_pid() AND state = 'active'"
          + " AND coalesce(wait_event_type, '') NOT IN ('Lock', 'Client'))";

  private ServerActivity() {}

  /**
   * Looks for a session of that name that is busy.
   *
   * @param connection to the same server as the same user
   * @param applicationName at most 63 bytes of it are kept by the server
   */
  public static boolean isBusy(Connection connection, String applicationName) throws SQLException {
    return Sql.isTrue(connection, BUSY, applicationName);
  }
}
