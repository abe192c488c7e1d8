package com.matih.tenantmigration.activities.postgres.ledger;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The part of the ledger that tells which ranges of which tables have arrived. */
public final class ChunkLedger {

  private ChunkLedger() {}

  /** A range that has arrived, with what was written beside it into the snapshot. */
  public record Arrived(CopiedTable table, String part, long rows, long bytes, String sha256) {}

  /** The filenodes of the tables whose ranges are planned. */
  public static Map<String, Long> filenodes(Connection target) throws SQLException {
    Map<String, Long> filenodes = new HashMap<>();
    try (Statement statement = target.createStatement();
        ResultSet rows =
            statement.executeQuery(
                Ledger.sql("SELECT table_name, filenode FROM %s.copied_table"))) {
      while (rows.next()) {
        filenodes.put(rows.getString(1), rows.getLong(2));
      }
    }
    return filenodes;
  }

  /**
   * Notes the ranges of a table, in place of those of an earlier plan, whose rows go: the source's
   * table was rewritten, and its rows lie elsewhere now.
   */
  public static void plan(Connection transaction, TableName inTarget, PlannedTable planned)
      throws SQLException {
    CopiedTable table = planned.table();
    try (PreparedStatement forget =
        transaction.prepareStatement(
            Ledger.sql("DELETE FROM %s.copied_table WHERE table_name = ?"))) {
      forget.setString(1, table.table());
      if (forget.executeUpdate() > 0) {
        try (Statement truncate = transaction.createStatement()) {
          truncate.execute("TRUNCATE ONLY " + Identifiers.quote(inTarget));
        }
      }
    }
    insert(transaction, table);
    try (PreparedStatement statement =
        transaction.prepareStatement(
            Ledger.sql(
                "INSERT INTO %s.chunk (table_name, first_block, end_block, estimated_rows,"
                    + " estimated_bytes) VALUES (?, ?, ?, ?, ?)"))) {
      for (BlockRange range : planned.ranges()) {
        statement.setString(1, table.table());
        statement.setLong(2, range.firstBlock());
        statement.setObject(3, range.endBlock(), Types.BIGINT);
        statement.setLong(4, range.rows());
        statement.setLong(5, range.bytes());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void insert(Connection transaction, CopiedTable table) throws SQLException {
    try (PreparedStatement statement =
        transaction.prepareStatement(
            Ledger.sql(
                "INSERT INTO %1$s.copied_table (table_name, number, root, columns, filenode,"
                    + " format) SELECT ?, coalesce(max(number), 0) + 1, ?, ?, ?, ? FROM"
                    + " %1$s.copied_table"))) {
      statement.setString(1, table.table());
      statement.setString(2, table.root());
      statement.setString(3, RecordJson.write(table.columns()));
      statement.setLong(4, table.filenode());
      statement.setString(5, table.format().name());
      statement.executeUpdate();
    }
  }

  /** The ranges that have not arrived, largest first. */
  public static List<Chunk> pending(Connection target) throws SQLException {
    List<Chunk> pending = new ArrayList<>();
    try (Statement statement = target.createStatement();
        ResultSet row =
            statement.executeQuery(
                Ledger.sql(
                    "SELECT t.*, c.first_block, c.end_block"
                        + " FROM %1$s.chunk c JOIN %1$s.copied_table t USING (table_name)"
                        + " WHERE c.epoch IS NULL"
                        + " ORDER BY c.estimated_bytes DESC, t.number, c.first_block"))) {
      while (row.next()) {
        pending.add(
            new Chunk(
                table(row),
                row.getInt("number"),
                row.getLong("first_block"),
                row.getObject("end_block", Long.class)));
      }
    }
    return pending;
  }

  /** How many rows all ranges together were estimated to hold when they were planned. */
  public static long estimatedRows(Connection target) throws SQLException {
    try (Statement statement = target.createStatement();
        ResultSet row =
            statement.executeQuery(
                Ledger.sql("SELECT coalesce(sum(estimated_rows), 0) FROM %s.chunk"))) {
      row.next();
      return row.getLong(1);
    }
  }

  /** The ranges that have arrived, in the order of their tables' numbers and their blocks. */
  public static List<Arrived> arrived(Connection target) throws SQLException {
    List<Arrived> arrived = new ArrayList<>();
    try (Statement statement = target.createStatement();
        ResultSet row =
            statement.executeQuery(
                Ledger.sql(
                    "SELECT t.*, c.rows, c.bytes, c.sha256, c.part"
                        + " FROM %1$s.chunk c JOIN %1$s.copied_table t USING (table_name)"
                        + " WHERE c.epoch IS NOT NULL ORDER BY t.number, c.first_block"))) {
      while (row.next()) {
        arrived.add(
            new Arrived(
                table(row),
                row.getString("part"),
                row.getLong("rows"),
                row.getLong("bytes"),
                row.getString("sha256")));
      }
    }
    return arrived;
  }

  /**
   * Notes, in the transaction that brings its rows, that a range has arrived.
   *
   * @throws MigrationException of type WRITER_SUPERSEDED where a later attempt has taken over or
   *     brought the range
   */
  public static void note(Connection transaction, Chunk chunk, CopiedRange copied, long epoch)
      throws SQLException {
    Ledger.requireCurrent(transaction, epoch);
    try (PreparedStatement statement =
        transaction.prepareStatement(
            Ledger.sql(
                "UPDATE %s.chunk SET rows = ?, bytes = ?, sha256 = ?, part = ?, epoch = ?"
                    + " WHERE table_name = ? AND first_block = ? AND epoch IS NULL"))) {
      statement.setLong(1, copied.rows());
      statement.setLong(2, copied.bytes());
      statement.setString(3, copied.sha256());
      statement.setString(4, chunk.part(epoch));
      statement.setLong(5, epoch);
      statement.setString(6, chunk.table().table());
      statement.setLong(7, chunk.firstBlock());
      if (statement.executeUpdate() != 1) {
        throw new MigrationException(
            FailureType.WRITER_SUPERSEDED,
            "A later attempt has already copied the rows of %s.".formatted(chunk.table().table()));
      }
    }
  }

  private static CopiedTable table(ResultSet row) throws SQLException {
    return new CopiedTable(
        row.getString("table_name"),
        row.getString("root"),
        List.of(RecordJson.read(row.getString("columns"), String[].class, "The ledger")),
        CopyFormat.valueOf(row.getString("format")),
        row.getLong("filenode"));
  }
}
