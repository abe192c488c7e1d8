package com.matih.tenantmigration.activities.postgres.sessions;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Looks up whose transactions hold tables: sessions, and prepared transactions, which have none.
 *
 * <p>What a session of another role does is hidden from a user who is neither a superuser nor a
 * member of {@code pg_read_all_stats}; process, user and application name are shown to all.
 */
public final class TableHolders {

  /**
   * Somebody who holds a thousand partitions is one; five are enough to act on. Partitions are
   * found without a function that would lock them all; a prepared transaction, which has no
   * process, by the lock that it holds on its own number.
   */
  private static final String HOLDERS =
      """
      WITH RECURSIVE members AS (
        SELECT t.name, to_regclass(t.quoted)::oid AS relation
          FROM unnest(?::text[], ?::text[]) AS t(quoted, name)
        UNION ALL
        SELECT m.name, i.inhrelid FROM members m JOIN pg_inherits i ON i.inhparent = m.relation
          JOIN pg_class p ON p.oid = i.inhrelid AND p.relispartition)
      SELECT min(m.name) AS table_name, l.pid, a.usename, a.application_name, a.backend_type,
             a.state, a.query, current_user AS asking,
             extract(epoch FROM clock_timestamp() - a.xact_start) AS seconds,
             extract(epoch FROM clock_timestamp() - a.state_change) AS seconds_in_state,
             p.gid, p.owner, extract(epoch FROM clock_timestamp() - p.prepared) AS prepared_seconds
        FROM members m
        JOIN pg_locks l ON l.relation = m.relation
        LEFT JOIN pg_stat_activity a ON a.pid = l.pid
        LEFT JOIN (pg_locks x JOIN pg_prepared_xacts p ON p.transaction = x.transactionid)
               ON l.pid IS NULL AND x.pid IS NULL AND x.locktype = 'transactionid'
              AND x.virtualtransaction = l.virtualtransaction
       WHERE l.locktype = 'relation' AND l.granted
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND l.pid IS DISTINCT FROM pg_backend_pid()
         AND l.mode = ANY (?)
       GROUP BY l.pid, a.usename, a.application_name, a.backend_type, a.state, a.query,
                a.xact_start, a.state_change, p.gid, p.owner, p.prepared
       ORDER BY coalesce(a.xact_start, p.prepared) NULLS FIRST
       LIMIT 5
      """;

  /** A table's name in SQL, and for people. */
  public record Named(String quoted, String name) {}

  private TableHolders() {}

  /**
   * Who holds any of the tables or their partitions, the longest first.
   *
   * @param modes the locks that matter, as {@code pg_locks} names them
   */
  public static List<HeldTable> of(
      Connection connection, Collection<Named> tables, Collection<String> modes)
      throws SQLException {
    return Sql.list(
        connection,
        HOLDERS,
        TableHolders::held,
        Sql.array("text", tables.stream().map(Named::quoted).toList()),
        Sql.array("text", tables.stream().map(Named::name).toList()),
        Sql.array("text", modes));
  }

  private static HeldTable held(ResultSet row) throws SQLException {
    return row.getObject("pid") == null
        ? new HeldTable(
            row.getString("table_name"), prepared(row), duration(row, "prepared_seconds"))
        : new HeldTable(row.getString("table_name"), session(row), duration(row, "seconds"));
  }

  private static String prepared(ResultSet row) throws SQLException {
    String gid = row.getString("gid");
    return gid == null
        ? "a prepared transaction (see pg_prepared_xacts)"
        : ("the prepared transaction '%s' of user %s, for %s (COMMIT PREPARED or"
                + " ROLLBACK PREPARED ends it)")
            .formatted(gid, row.getString("owner"), words(duration(row, "prepared_seconds")));
  }

  private static String session(ResultSet row) throws SQLException {
    String who =
        "pid %d (user %s, application '%s', "
            .formatted(
                row.getInt("pid"), row.getString("usename"), row.getString("application_name"));
    String kind = row.getString("backend_type");
    if (kind == null) {
      return who
          + "its state is hidden from %s, who is not a member of pg_read_all_stats)"
              .formatted(row.getString("asking"));
    }
    if (!kind.equals("client backend")) {
      return who + "%s for %s)".formatted(kind, words(duration(row, "seconds")));
    }
    String command = HeldTable.command(row.getString("query"));
    return who
        + "%s%s for %s, transaction open for %s)"
            .formatted(
                row.getString("state"),
                command.isEmpty() ? "" : " (" + command + ")",
                words(duration(row, "seconds_in_state")),
                words(duration(row, "seconds")));
  }

  private static Optional<Duration> duration(ResultSet row, String column) throws SQLException {
    double seconds = row.getDouble(column);
    return row.wasNull()
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
  }

  private static String words(Optional<Duration> duration) {
    return duration.map(d -> Math.max(0, d.toSeconds()) + " s").orElse("an unknown time");
  }
}
