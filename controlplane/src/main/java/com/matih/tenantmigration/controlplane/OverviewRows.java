package com.matih.tenantmigration.controlplane;

import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.Phase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

/** The SQL of a look at all migrations. */
final class OverviewRows {

  private static final String RUNNING =
      "SELECT phase, count(*) FROM tenant_control.migration WHERE outcome = 'RUNNING'"
          + " GROUP BY phase";

  private static final String UNRESOLVED =
      "SELECT count(*) FROM (SELECT DISTINCT ON (tenant_id) outcome FROM tenant_control.migration"
          + " WHERE outcome <> 'REFUSED' ORDER BY tenant_id, started_at DESC) AS last"
          + " WHERE outcome = 'ROLLBACK_INCOMPLETE'";

  /** A migration enters that phase once. */
  private static final String AWAITING_APPROVAL =
      "SELECT coalesce(extract(epoch FROM max(clock_timestamp() - line.at)), 0)"
          + " FROM tenant_control.migration migration"
          + " JOIN tenant_control.migration_audit line USING (migration_id)"
          + " WHERE migration.outcome = 'RUNNING' AND migration.phase = 'AWAITING_APPROVAL'"
          + " AND line.phase = migration.phase AND line.event = 'PHASE'";

  /**
   * A tenant may be read-only for a reason of the platform's own: it counts where the last change
   * that a migration made left it so.
   */
  private static final String FENCED =
      "SELECT count(*), coalesce(extract(epoch FROM max(clock_timestamp() - fence.since)), 0)"
          + " FROM tenant_control.tenant_config config"
          + " CROSS JOIN LATERAL (SELECT migration_id, details #>> '{after,state}' AS state"
          + " FROM tenant_control.migration_audit WHERE tenant_id = config.tenant_id"
          + " AND details #> '{after,state}' IS NOT NULL ORDER BY id DESC LIMIT 1) AS change"
          + " CROSS JOIN LATERAL (SELECT min(at) AS since FROM tenant_control.migration_audit"
          + " WHERE migration_id = change.migration_id"
          + " AND details #> '{after,state}' IS NOT NULL) AS fence"
          + " WHERE config.state = 'READ_ONLY' AND change.state = 'READ_ONLY'";

  /** The way back begins with its first line in the audit trail. */
  private static final String NOT_BACK =
      "SELECT coalesce(extract(epoch FROM max(clock_timestamp() - back.since)), 0)"
          + " FROM tenant_control.migration migration"
          + " JOIN tenant_control.tenant_config config USING (tenant_id)"
          + " CROSS JOIN LATERAL (SELECT min(at) AS since FROM tenant_control.migration_audit"
          + " WHERE migration_id = migration.migration_id AND phase = 'ROLLING_BACK') AS back"
          + " WHERE migration.outcome = 'RUNNING' AND migration.phase = 'ROLLING_BACK'"
          + " AND config.state = 'READ_ONLY'";

  private OverviewRows() {}

  static MigrationOverview read(Connection connection) throws SQLException {
    Map<Phase, Long> running = running(connection);
    long unresolved = Sql.number(connection, UNRESOLVED);
    double wait = seconds(connection, AWAITING_APPROVAL);
    double wayBack = seconds(connection, NOT_BACK);
    return Sql.one(
        connection,
        FENCED,
        row ->
            new MigrationOverview(
                running, row.getLong(1), row.getDouble(2), wait, wayBack, unresolved));
  }

  private static double seconds(Connection connection, String sql) throws SQLException {
    return Sql.one(connection, sql, row -> row.getDouble(1));
  }

  private static Map<Phase, Long> running(Connection connection) throws SQLException {
    Map<Phase, Long> running = new EnumMap<>(Phase.class);
    Sql.forEach(
        connection,
        RUNNING,
        row -> {
          String name = row.getString(1);
          long count = row.getLong(2);
          Stream.of(Phase.values())
              .filter(phase -> phase.name().equals(name))
              .forEach(phase -> running.put(phase, count));
        });
    return running;
  }
}
