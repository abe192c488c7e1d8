package com.matih.tenantmigration.embedded.workload;

import com.matih.tenantmigration.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Where a tenant's tables are: a database, who connects to it, and the schema in it.
 *
 * @param schema the tables; its name may differ between the sides
 */
public record WorkloadSide(String jdbcUrl, String user, String password, WorkloadSchema schema) {

  /** A database of an embedded server, as its superuser. */
  public static WorkloadSide of(PostgresServer server, String database, WorkloadSchema schema) {
    return new WorkloadSide(server.jdbcUrl(database), server.user(), server.password(), schema);
  }

  /** A new connection, which its caller closes; tables need not be qualified on it. */
  public Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection(jdbcUrl, user, password);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = " + schema.quotedName());
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "%s as %s, schema %s".formatted(jdbcUrl, user, schema.name());
  }
}
