package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/** Creates the casts of a schema's types once the types are there. */
public final class TypeCasts {

  /** duplicate_object: an earlier attempt has created it. */
  private static final String IS_THERE = "42710";

  private static final String NO_RIGHT = "42501";

  private TypeCasts() {}

  /**
   * Creates those that are missing.
   *
   * @param casts the statements
   * @return those that the user may not create: between types that it does not own
   */
  public static List<String> create(Connection transaction, List<String> casts)
      throws SQLException {
    List<String> forbidden = new ArrayList<>();
    for (String cast : casts) {
      Savepoint before = transaction.setSavepoint();
      try {
        Sql.execute(transaction, cast);
        transaction.releaseSavepoint(before);
      } catch (SQLException e) {
        if (NO_RIGHT.equals(e.getSQLState())) {
          forbidden.add(cast);
        } else if (!IS_THERE.equals(e.getSQLState())) {
          throw e;
        }
        transaction.rollback(before);
      }
    }
    return forbidden;
  }
}
