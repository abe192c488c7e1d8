package com.matih.tenantmigration.devstack.clusters;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.StringJoiner;

/** Plain SQL in a database of one side, a connection each time. */
public final class Databases {

  private Databases() {}

  /** Runs one or more statements, also where the database refuses writes by default. */
  public static void execute(Side side, String database, String sql) {
    try (Connection connection = connect(side, database)) {
      Sql.execute(connection, sql);
    } catch (SQLException e) {
      throw new StoreException("database " + database + " refused: " + e.getMessage(), e);
    }
  }

  /** Reads rows as text, columns joined by {@code |}. */
  public static List<String> query(Side side, String database, String sql) {
    try (Connection connection = connect(side, database)) {
      return Sql.list(connection, sql, Databases::joined);
    } catch (SQLException e) {
      throw new StoreException("database " + database + " refused: " + e.getMessage(), e);
    }
  }

  private static String joined(ResultSet row) throws SQLException {
    StringJoiner joined = new StringJoiner("|");
    for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
      joined.add(row.getString(column));
    }
    return joined.toString();
  }

  /** Whether there is a database of that name. */
  public static boolean exists(Side side, String database) {
    return query(side, "postgres", "SELECT datname FROM pg_database").contains(database);
  }

  private static Connection connect(Side side, String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", side.pgUser());
    properties.setProperty("password", side.pgPassword());
    properties.setProperty("options", "-c default_transaction_read_only=off");
    return DriverManager.getConnection(side.jdbcUrl(database), properties);
  }
}
