package com.matih.tenantmigration.activities.postgres.client;

import com.matih.tenantmigration.activities.engine.throttle.ReplicaWatch;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Units;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * How far the streaming replicas of a primary are behind in replaying, as {@code
 * pg_stat_replication} says. Who may not read all statistics sees no lag.
 */
public final class ReplicaLag implements ReplicaWatch {

  /** A subscriber to changes of its choice is no replica. */
  private static final String FURTHEST_BEHIND =
      """
      SELECT coalesce(nullif(r.application_name, ''), r.client_addr::text, r.pid::text),
             (extract(epoch FROM r.replay_lag) * 1000)::bigint
        FROM pg_stat_replication r
       WHERE r.replay_lag > ? * interval '1 millisecond'
         AND NOT EXISTS (SELECT 1 FROM pg_replication_slots s
                          WHERE s.active_pid = r.pid AND s.slot_type = 'logical')
       ORDER BY r.replay_lag DESC
       LIMIT 1
      """;

  private final PostgresConnections connections;

  public ReplicaLag(PostgresConnections connections) {
    this.connections = connections;
  }

  /**
   * A replica that is behind.
   *
   * @param name what it calls itself, or else its address
   */
  public record Replica(String name, Duration lag) {}

  /** The replica that is furthest behind, of those that are further behind than that. */
  public static Optional<Replica> furthestBehind(Connection primary, Duration most)
      throws SQLException {
    return Sql.first(
        primary,
        FURTHEST_BEHIND,
        row -> new Replica(row.getString(1), Duration.ofMillis(row.getLong(2))),
        most.toMillis());
  }

  @Override
  public Optional<String> behind(MigrationContext context, Duration most) {
    return DatabaseAccess.source(connections, context)
        .look(
            "replica lag",
            "read the replicas of",
            "the shared database",
            primary -> furthestBehind(primary, most))
        .map(
            replica ->
                "waits for replica %s, %s behind"
                    .formatted(replica.name(), Units.duration(replica.lag())));
  }
}
