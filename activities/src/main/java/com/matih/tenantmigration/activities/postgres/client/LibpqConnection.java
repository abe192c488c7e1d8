package com.matih.tenantmigration.activities.postgres.client;

/**
 * The connection string of libpq's programs: the database alone, and what there is no variable of
 * the environment for. Where the server's machine is gone, they notice within a minute, as our own
 * connections do.
 */
final class LibpqConnection {

  private static final String KEEPALIVE =
      " keepalives_idle=30 keepalives_interval=10 keepalives_count=3 tcp_user_timeout=60000";

  private LibpqConnection() {}

  /** A name with {@code =} in it would be taken for more than a name, so it is always quoted. */
  static String to(String database) {
    return "dbname='" + database.replace("\\", "\\\\").replace("'", "\\'") + "'" + KEEPALIVE;
  }
}
