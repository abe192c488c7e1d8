package com.matih.tenantmigration.controlplane.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * A pool whose failure to connect says where it tried to.
 *
 * <p>Where it has no connection to give, all that lie idle are given up too: they were opened to
 * the same database, and each that a silence has killed would else cost somebody its validation.
 */
public final class AddressedPool extends HikariDataSource {

  private final String address;
  private final String database;

  /**
   * @param url a JDBC URL of PostgreSQL
   */
  public AddressedPool(String url) {
    // host, port and database alone: a URL can hold more than others may see
    Properties parts = Driver.parseURL(url, new Properties());
    this.address =
        parts == null
            ? "the given address"
            : "%s:%s".formatted(parts.getProperty("PGHOST"), parts.getProperty("PGPORT"));
    this.database = parts == null ? "" : parts.getProperty("PGDBNAME", "");
  }

  @Override
  public Connection getConnection() throws SQLException {
    try {
      return super.getConnection();
    } catch (SQLException e) {
      HikariPoolMXBean pool = getHikariPoolMXBean();
      if (pool != null) {
        pool.softEvictConnections();
      }
      throw new NoConnectionException(address, database, e);
    }
  }

  /** There is no connection to the database at an address. */
  static final class NoConnectionException extends SQLException {

    private static final long serialVersionUID = 1L;

    private final String address;
    private final String database;

    private NoConnectionException(String address, String database, SQLException cause) {
      super("no connection to " + address, stateOf(cause), cause);
      this.address = address;
      this.database = database;
    }

    /** The pool's own exception may hide the driver's, which knows why. */
    private static String stateOf(SQLException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException known && known.getSQLState() != null) {
          return known.getSQLState();
        }
      }
      return "08001";
    }

    String address() {
      return address;
    }

    String database() {
      return database;
    }
  }
}
