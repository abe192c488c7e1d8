package com.matih.tenantmigration.activities.postgres.ledger;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

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
   * Notes the ranges of tables, in place of those of an earlier plan, whose rows go: the source's
   * table was rewritten, and its rows lie elsewhere now.
   *
   * @param planned by the table's name in the dedicated database
   */
  public static void plan(Connection transaction, Map<TableName, PlannedTable> planned)
      throws SQLException {
    Set<String> earlier = filenodes(transaction).keySet();
    for (Map.Entry<TableName, PlannedTable> entry : planned.entrySet()) {
      if (earlier.contains(entry.getValue().table().table())) {
        forget(transaction, entry.getKey(), entry.getValue().table().table());
      }
    }
    insertTables(transaction, planned.values());
    insertRanges(transaction, planned.values());
  }

  private static void forget(Connection transaction, TableName inTarget, String table)
      throws SQLException {
    Sql.execute(transaction, Ledger.sql("DELETE FROM %s.copied_table WHERE table_name = ?"), table);
    Sql.execute(transaction, "TRUNCATE ONLY " + Identifiers.quote(inTarget));
  }

  private static void insertTables(Connection transaction, Collection<PlannedTable> planned)
      throws SQLException {
    long number =
        Sql.number(transaction, Ledger.sql("SELECT coalesce(max(number), 0) FROM %s.copied_table"));
    try (PreparedStatement statement =
        transaction.prepareStatement(
            Ledger.sql(
                "INSERT INTO %s.copied_table (table_name, number, root, columns, filenode,"
                    + " format) VALUES (?, ?, ?, ?, ?, ?)"))) {
      for (PlannedTable each : planned) {
        CopiedTable table = each.table();
        statement.setString(1, table.table());
        statement.setLong(2, ++number);
        statement.setString(3, table.root());
        statement.setString(4, RecordJson.write(table.columns()));
        statement.setLong(5, table.filenode());
        statement.setString(6, table.format().name());
        statement.addBatch();
      }
      var unused = statement.executeBatch();
    }
  }

  private static void insertRanges(Connection transaction, Collection<PlannedTable> planned)
      throws SQLException {
    try (PreparedStatement statement =
        transaction.prepareStatement(
            Ledger.sql(
                "INSERT INTO %s.chunk (table_name, first_block, end_block, estimated_rows,"
                    + " estimated_bytes) VALUES (?, ?, ?, ?, ?)"))) {
      for (PlannedTable table : planned) {
        for (BlockRange range : table.ranges()) {
          statement.setString(1, table.table().table());
          statement.setLong(2, range.firstBlock());
          statement.setObject(3, range.endBlock(), Types.BIGINT);
          statement.setLong(4, range.rows());
          statement.setLong(5, range.bytes());
          statement.addBatch();
        }
      }
      var unused = statement.executeBatch();
    }
  }

  /** The ranges that have not arrived, largest first. */
  public static List<Chunk> pending(Connection target) throws SQLException {
    List<Chunk> pending = new ArrayList<>();
    try (Statement statement = target.createStatement();
        ResultSet row =
            statement.executeQuery(
                Ledger.sql(
                    "SELECT t.*, c.first_block, c.end_block, c.estimated_bytes"
                        + " FROM %1$s.chunk c JOIN %1$s.copied_table t USING (table_name)"
                        + " WHERE c.epoch IS NULL"
                        + " ORDER BY c.estimated_bytes DESC, t.number, c.first_block"))) {
      while (row.next()) {
        pending.add(
            new Chunk(
                table(row),
                row.getInt("number"),
                row.getLong("first_block"),
                row.getObject("end_block", Long.class),
                row.getLong("estimated_bytes")));
      }
    }
    return pending;
  }

  /** How many bytes each table's ranges were estimated to hold, by the table's name. */
  public static Map<String, Long> estimatedBytes(Connection target) throws SQLException {
    Map<String, Long> bytes = new HashMap<>();
    Sql.forEach(
        target,
        Ledger.sql("SELECT table_name, sum(estimated_bytes)::bigint FROM %s.chunk GROUP BY 1"),
        row -> bytes.put(row.getString(1), row.getLong(2)));
    return bytes;
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
   * Notes, in the transaction that brings their rows, that ranges have arrived.
   *
   * @throws MigrationException of type WRITER_SUPERSEDED where a later attempt has taken over or
   *     brought one of the ranges
   */
  public static void note(Connection transaction, Map<Chunk, CopiedRange> arrived, long epoch)
      throws SQLException {
    Ledger.requireCurrent(transaction, epoch);
    List<Chunk> chunks = List.copyOf(arrived.keySet());
    try (PreparedStatement statement =
        transaction.prepareStatement(
            Ledger.sql(
                "UPDATE %s.chunk SET rows = ?, bytes = ?, sha256 = ?, part = ?, epoch = ?"
                    + " WHERE table_name = ? AND first_block = ? AND epoch IS NULL"))) {
      for (Chunk chunk : chunks) {
        CopiedRange copied = Objects.requireNonNull(arrived.get(chunk));
        statement.setLong(1, copied.rows());
        statement.setLong(2, copied.bytes());
        statement.setString(3, copied.sha256());
        statement.setString(4, chunk.part(epoch));
        statement.setLong(5, epoch);
        statement.setString(6, chunk.table().table());
        statement.setLong(7, chunk.firstBlock());
        statement.addBatch();
      }
      int[] updated = statement.executeBatch();
      for (int i = 0; i < updated.length; i++) {
        if (updated[i] != 1) {
          throw new MigrationException(
              FailureType.WRITER_SUPERSEDED,
              "A later attempt has already copied the rows of %s."
                  .formatted(chunks.get(i).table().table()));
        }
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
