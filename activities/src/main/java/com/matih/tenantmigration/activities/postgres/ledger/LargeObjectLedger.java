package com.matih.tenantmigration.activities.postgres.ledger;

import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The part of the ledger that records which large objects have arrived. */
public final class LargeObjectLedger {

  private static final String DDL =
      """
      CREATE TABLE IF NOT EXISTS %1$s.large_object (
        number bigint PRIMARY KEY,
        part text,
        epoch bigint);
      CREATE TABLE IF NOT EXISTS %1$s.large_object_part (
        part text PRIMARY KEY,
        objects bigint NOT NULL,
        bytes bigint NOT NULL,
        sha256 text NOT NULL);
      """;

  private static final int PAGE = 100;

  private LargeObjectLedger() {}

  /** Numbers that are worked on by one session; both ends belong to it. */
  public record Page(long first, long last) {}

  /** A file of the snapshot with large objects in it. */
  public record Part(String name, long objects, long bytes, String sha256) {}

  /** Creates the tables where they do not stand; only tenants with large objects have them. */
  public static void create(Connection connection) throws SQLException {
    Sql.execute(connection, Ledger.sql(DDL));
  }

  /** Notes objects that are to be copied, unless they are noted. */
  public static void plan(Connection transaction, List<Long> numbers) throws SQLException {
    Sql.execute(
        transaction,
        Ledger.sql(
            "INSERT INTO %s.large_object (number) SELECT unnest(?::bigint[])"
                + " ON CONFLICT DO NOTHING"),
        Sql.array("int8", numbers));
  }

  /** What has not arrived, in pages. */
  public static List<Page> pending(Connection connection) throws SQLException {
    return Sql.list(
        connection,
        Ledger.sql(
            "SELECT min(number), max(number) FROM (SELECT number, (row_number() OVER"
                + " (ORDER BY number) - 1) / %d AS page FROM %%s.large_object WHERE epoch IS NULL) p"
                    .formatted(PAGE)
                + " GROUP BY page ORDER BY 1"),
        row -> new Page(row.getLong(1), row.getLong(2)));
  }

  /** What of a page has not arrived, in the order of the numbers. */
  public static List<Long> pending(Connection connection, Page page) throws SQLException {
    return Sql.list(
        connection,
        Ledger.sql(
            "SELECT number FROM %s.large_object WHERE epoch IS NULL AND number BETWEEN ? AND ?"
                + " ORDER BY number"),
        row -> row.getLong(1),
        page.first(),
        page.last());
  }

  /**
   * Notes, in the transaction that brings them, that objects have arrived.
   *
   * @throws MigrationException of type WRITER_SUPERSEDED where a later attempt has taken over
   */
  public static void note(Connection transaction, List<Long> numbers, Part part, long epoch)
      throws SQLException {
    Ledger.requireCurrent(transaction, epoch);
    int noted =
        Sql.update(
            transaction,
            Ledger.sql(
                "UPDATE %s.large_object SET part = ?, epoch = ? WHERE number = ANY (?::bigint[])"
                    + " AND epoch IS NULL"),
            part.name(),
            epoch,
            Sql.array("int8", numbers));
    if (noted != numbers.size()) {
      throw new MigrationException(
          FailureType.WRITER_SUPERSEDED, "A later attempt has already copied large objects.");
    }
    Sql.execute(
        transaction,
        Ledger.sql(
            "INSERT INTO %s.large_object_part (part, objects, bytes, sha256) VALUES (?, ?, ?, ?)"),
        part.name(),
        part.objects(),
        part.bytes(),
        part.sha256());
  }

  /** The files of the snapshot; none where the tenant has no large objects. */
  public static List<Part> arrived(Connection connection) throws SQLException {
    boolean isThere =
        Sql.text(connection, "SELECT to_regclass(?)::text", Ledger.sql("%s.large_object_part"))
            .isPresent();
    return isThere
        ? Sql.list(
            connection,
            Ledger.sql(
                "SELECT part, objects, bytes, sha256 FROM %s.large_object_part ORDER BY part"),
            row -> new Part(row.getString(1), row.getLong(2), row.getLong(3), row.getString(4)))
        : List.of();
  }
}
