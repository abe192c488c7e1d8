package com.matih.tenantmigration.activities.postgres.sql;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/** Large objects, a piece at a time, by the functions that need no right but the object's own. */
public final class LargeObjects {

  /** A piece: what a session and the server hold of an object at a time. */
  public static final int PIECE = 1 << 20;

  private LargeObjects() {}

  /** A piece of an object; shorter than {@link #PIECE}, also empty, at its end. */
  public static byte[] read(Connection connection, long number, long offset) throws SQLException {
    return Sql.one(
        connection,
        "SELECT lo_get(?::bigint::oid, ?, ?)",
        row -> row.getBytes(1),
        number,
        offset,
        PIECE);
  }

  /** Creates an empty object of that number. */
  public static void create(Connection connection, long number) throws SQLException {
    Sql.execute(connection, "SELECT lo_create(?::bigint::oid)", number);
  }

  /** Writes a piece of an object. */
  public static void write(Connection connection, long number, long offset, byte[] piece)
      throws SQLException {
    Sql.execute(connection, "SELECT lo_put(?::bigint::oid, ?, ?)", number, offset, piece);
  }
}
