package com.matih.tenantmigration.devstack.services;

import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.StoreException;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** A connection to a tenant's database, with a tenant column in its tables or without. */
public final class TenantDatabase implements AutoCloseable {

  private static final String FIND_TENANT_COLUMN =
      "SELECT EXISTS (SELECT FROM information_schema.columns WHERE table_schema = current_schema()"
          + " AND table_name = 'query_runs' AND column_name = 'tenant_id')";

  private final Connection connection;
  private final SampleTenant tenant;
  private final boolean tenantColumn;

  private TenantDatabase(Connection connection, SampleTenant tenant, boolean tenantColumn) {
    this.connection = connection;
    this.tenant = tenant;
    this.tenantColumn = tenantColumn;
  }

  static TenantDatabase open(String url, SampleTenant tenant, Side side) {
    try {
      Connection connection = DriverManager.getConnection(url, side.pgUser(), side.pgPassword());
      try {
        return new TenantDatabase(connection, tenant, Sql.isTrue(connection, FIND_TENANT_COLUMN));
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException(tenant.id() + "'s database does not answer", e);
    }
  }

  /** How many queries the tenant has. */
  public long countQueries() {
    String sql =
        "SELECT count(*)::text FROM queries" + (tenantColumn ? " WHERE tenant_id = ?" : "");
    return Long.parseLong(read(sql).get(0));
  }

  /** Notes that a query ran; answers the row's id. */
  long insertRun(String text) {
    return write(
        () ->
            tenantColumn
                ? Sql.number(
                    connection,
                    "INSERT INTO query_runs (query_id, error, tenant_id) VALUES (?, ?, ?)"
                        + " RETURNING id",
                    tenant.rowId(1),
                    text,
                    tenant.key())
                : Sql.number(
                    connection,
                    "INSERT INTO query_runs (query_id, error) VALUES (?, ?) RETURNING id",
                    tenant.rowId(1),
                    text));
  }

  void updateRun(long id, String text) {
    var unused =
        write(
            () ->
                (long)
                    Sql.update(
                        connection, "UPDATE query_runs SET error = ? WHERE id = ?", text, id));
  }

  void deleteRun(long id) {
    var unused =
        write(() -> (long) Sql.update(connection, "DELETE FROM query_runs WHERE id = ?", id));
  }

  private interface Write {
    long run() throws SQLException;
  }

  private long write(Write write) {
    try {
      return write.run();
    } catch (SQLException e) {
      throw new StoreException(
          "%s's row was refused (SQLSTATE %s)".formatted(tenant.id(), e.getSQLState()), e);
    }
  }

  /** The texts of the tenant's runs that begin so. */
  List<String> findRuns(String beginning) {
    return read(
        "SELECT error FROM query_runs WHERE error LIKE '"
            + beginning
            + "%'"
            + (tenantColumn ? " AND tenant_id = ?" : ""));
  }

  private List<String> read(String sql) {
    try {
      return tenantColumn ? Sql.texts(connection, sql, tenant.key()) : Sql.texts(connection, sql);
    } catch (SQLException e) {
      throw new StoreException(tenant.id() + "'s rows cannot be read", e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new StoreException("a connection does not close", e);
    }
  }
}
