package com.matih.tenantmigration.activities.postgres.ledger;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Collectors;

/** The part of the ledger that tells which indexes were built while rows were copied. */
public final class BuiltIndexes {

  private static final String STEP = "index ";

  private BuiltIndexes() {}

  /** The numbers of the archive's entries that stand. */
  public static Set<String> numbers(Connection connection) throws SQLException {
    return Sql.texts(
            connection, Ledger.sql("SELECT name FROM %s.step WHERE starts_with(name, ?)"), STEP)
        .stream()
        .map(name -> name.substring(STEP.length()))
        .collect(Collectors.toSet());
  }

  /**
   * Notes, in the transaction that builds it, that an entry stands.
   *
   * @throws com.matih.tenantmigration.workflow.MigrationException of type WRITER_SUPERSEDED where a
   *     later attempt has taken over
   */
  public static void note(Connection transaction, String number, long epoch) throws SQLException {
    Ledger.requireCurrent(transaction, epoch);
    Ledger.mark(transaction, STEP + number, "");
  }
}
