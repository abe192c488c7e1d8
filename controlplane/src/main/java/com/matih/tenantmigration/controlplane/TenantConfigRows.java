package com.matih.tenantmigration.controlplane;

import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The SQL of the table {@code tenant_config}. */
final class TenantConfigRows {

  /** The table's own triggers announce each change here; the payload is the tenant's id. */
  static final String CHANNEL = "tenant_config";

  private static final String COLUMNS =
      "tenant_id, tier, state, database_url, object_storage_url, kafka_bootstrap,"
          + " elasticsearch_url, redis_url, version, updated_at";
  private static final String SELECT = "SELECT " + COLUMNS + " FROM tenant_control.tenant_config";

  private TenantConfigRows() {}

  static Optional<TenantConfig> find(Connection connection, String tenant) throws SQLException {
    return Sql.first(connection, SELECT + " WHERE tenant_id = ?", TenantConfigRows::read, tenant);
  }

  /** Finds the row and keeps all others from changing it until the transaction's end. */
  static Optional<TenantConfig> lock(Connection connection, String tenant) throws SQLException {
    return Sql.first(
        connection, SELECT + " WHERE tenant_id = ? FOR UPDATE", TenantConfigRows::read, tenant);
  }

  static List<TenantConfig> all(Connection connection) throws SQLException {
    return Sql.list(
        connection, SELECT + " ORDER BY tenant_id COLLATE \"C\"", TenantConfigRows::read);
  }

  private static TenantConfig read(ResultSet row) throws SQLException {
    return new TenantConfig(
        row.getString(1),
        row.getString(2),
        State.valueOf(row.getString(3)),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getLong(9),
        Sql.instant(row, 10));
  }

  /** Adds a row unless there is one; answers whether it did. */
  static boolean insert(Connection connection, TenantConfig config) throws SQLException {
    int added =
        Sql.update(
            connection,
            "INSERT INTO tenant_control.tenant_config (tier, state, database_url,"
                + " object_storage_url, kafka_bootstrap, elasticsearch_url, redis_url, tenant_id)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            config.tier(),
            config.state(),
            config.databaseUrl(),
            config.objectStorageUrl(),
            config.kafkaBootstrap(),
            config.elasticsearchUrl(),
            config.redisUrl(),
            config.tenantId());
    return added == 1;
  }

  /**
   * Changes the row if it still has that version, which the table announces with the commit;
   * answers the row as it is then.
   */
  static Optional<TenantConfig> compareAndSet(
      Connection connection, long version, TenantConfig next) throws SQLException {
    return Sql.first(
        connection,
        "UPDATE tenant_control.tenant_config SET tier = ?, state = ?, database_url = ?,"
            + " object_storage_url = ?, kafka_bootstrap = ?, elasticsearch_url = ?, redis_url = ?,"
            + " version = version + 1, updated_at = clock_timestamp()"
            + " WHERE tenant_id = ? AND version = ? RETURNING "
            + COLUMNS,
        TenantConfigRows::read,
        next.tier(),
        next.state(),
        next.databaseUrl(),
        next.objectStorageUrl(),
        next.kafkaBootstrap(),
        next.elasticsearchUrl(),
        next.redisUrl(),
        next.tenantId(),
        version);
  }
}
