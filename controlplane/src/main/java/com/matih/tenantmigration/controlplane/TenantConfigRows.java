package com.matih.tenantmigration.controlplane;

import com.matih.tenantmigration.controlplane.TenantConfig.State;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
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
    return one(connection, SELECT + " WHERE tenant_id = ?", tenant);
  }

  /** Finds the row and keeps all others from changing it until the transaction's end. */
  static Optional<TenantConfig> lock(Connection connection, String tenant) throws SQLException {
    return one(connection, SELECT + " WHERE tenant_id = ? FOR UPDATE", tenant);
  }

  static List<TenantConfig> all(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(SELECT + " ORDER BY tenant_id COLLATE \"C\"");
        ResultSet rows = statement.executeQuery()) {
      List<TenantConfig> all = new ArrayList<>();
      while (rows.next()) {
        all.add(read(rows));
      }
      return all;
    }
  }

  private static Optional<TenantConfig> one(Connection connection, String sql, String tenant)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, tenant);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(read(rows)) : Optional.empty();
      }
    }
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
        row.getObject(10, OffsetDateTime.class).toInstant());
  }

  /** Adds a row unless there is one; answers whether it did. */
  static boolean insert(Connection connection, TenantConfig config) throws SQLException {
    String sql =
        "INSERT INTO tenant_control.tenant_config (tier, state, database_url, object_storage_url,"
            + " kafka_bootstrap, elasticsearch_url, redis_url, tenant_id)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, config);
      return statement.executeUpdate() == 1;
    }
  }

  /**
   * Changes the row if it still has that version, which the table announces with the commit;
   * answers the row as it is then.
   */
  static Optional<TenantConfig> compareAndSet(
      Connection connection, long version, TenantConfig next) throws SQLException {
    String sql =
        "UPDATE tenant_control.tenant_config SET tier = ?, state = ?, database_url = ?,"
            + " object_storage_url = ?, kafka_bootstrap = ?, elasticsearch_url = ?, redis_url = ?,"
            + " version = version + 1, updated_at = clock_timestamp()"
            + " WHERE tenant_id = ? AND version = ? RETURNING "
            + COLUMNS;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, next);
      statement.setLong(9, version);
      try (ResultSet changed = statement.executeQuery()) {
        return changed.next() ? Optional.of(read(changed)) : Optional.empty();
      }
    }
  }

  private static void bind(PreparedStatement statement, TenantConfig config) throws SQLException {
    statement.setString(1, config.tier());
    statement.setString(2, config.state().name());
    statement.setString(3, config.databaseUrl());
    statement.setString(4, config.objectStorageUrl());
    statement.setString(5, config.kafkaBootstrap());
    statement.setString(6, config.elasticsearchUrl());
    statement.setString(7, config.redisUrl());
    statement.setString(8, config.tenantId());
  }
}
