package com.matih.tenantmigration.embedded.workload.judge;

import com.matih.tenantmigration.embedded.workload.WorkloadSide;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Reads one side in one snapshot, with settings that give every value the same text anywhere. */
final class JudgeReader implements AutoCloseable {

  private final Connection connection;

  /**
   * A row as it is there.
   *
   * @param state begins with the row's mark
   * @param text the whole row
   */
  record Row(String key, String state, String text) {}

  JudgeReader(WorkloadSide side) throws SQLException {
    connection = side.connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET timezone = 'UTC'");
      statement.execute("SET datestyle = 'ISO, YMD'");
      statement.execute("SET bytea_output = 'hex'");
      statement.execute("SET default_transaction_isolation = 'repeatable read'");
      statement.execute("SET default_transaction_read_only = on");
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Runs one of {@link JudgeQueries}. */
  List<Row> read(String sql, String tenant) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, tenant);
      // else the driver holds the text of all rows twice
      statement.setFetchSize(1000);
      try (ResultSet rows = statement.executeQuery()) {
        List<Row> read = new ArrayList<>();
        while (rows.next()) {
          read.add(new Row(rows.getString(1), rows.getString(2), rows.getString(3)));
        }
        return read;
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
