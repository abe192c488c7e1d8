package com.matih.tenantmigration.controlplane;

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
final class AddressedPool extends HikariDataSource {

  private final String address;

  /**
   * @param url a JDBC URL of PostgreSQL
   */
  AddressedPool(String url) {
    this.address = addressOf(url);
  }

  /** Host and port alone: a URL can hold more than others may see. */
  private static String addressOf(String url) {
    Properties parts = Driver.parseURL(url, new Properties());
    return parts == null
        ? "the given address"
        : "%s:%s".formatted(parts.getProperty("PGHOST"), parts.getProperty("PGPORT"));
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
      throw new NoConnectionException(address, e);
    }
  }

  /** There is no connection to the database at an address. */
  static final class NoConnectionException extends SQLException {

    private static final long serialVersionUID = 1L;

    private final String address;

    private NoConnectionException(String address, SQLException cause) {
      super("no connection to " + address, stateOf(cause), cause);
      this.address = address;
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
  }
}
