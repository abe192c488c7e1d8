package com.matih.tenantmigration.embedded.workload;

import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own with a workload's tables. */
public final class WorkloadLab {

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final PostgresServer server = TestServers.postgres();
  private final String database = "workload_" + NUMBER.incrementAndGet();
  private final WorkloadSide side;

  public WorkloadLab(WorkloadSchema schema) throws SQLException {
    execute("postgres", "CREATE DATABASE " + database);
    side = WorkloadSide.of(server, database, schema);
    try (Connection connection = side.connect()) {
      schema.create(connection);
    }
  }

  public WorkloadSide side() {
    return side;
  }

  /** The same tables and rows in another database, as they are now. */
  public WorkloadSide copy() throws SQLException {
    String copy = "workload_" + NUMBER.incrementAndGet();
    execute("postgres", "CREATE DATABASE %s TEMPLATE %s".formatted(copy, database));
    return WorkloadSide.of(server, copy, side.schema());
  }

  /** Runs a statement in the side's schema and tells how many rows it changed. */
  public static int execute(WorkloadSide side, String sql) throws SQLException {
    try (Connection connection = side.connect();
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private void execute(String inDatabase, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl(inDatabase), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
