package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.activities.postgres.sessions.HeldTable;
import com.matih.tenantmigration.activities.postgres.sessions.TableHolders;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Changes a table under a lock that others wait for no longer than a moment.
 *
 * <p>Whoever comes after our request for a lock queues behind it, neighbours included. So the
 * request gives up after the lock timeout, lets those behind it pass for longer than they waited,
 * and is made again, until it is granted or the deadline has passed.
 */
public final class LockedChange {

  /** Lock timeout, statement timeout (a lock over many partitions), deadlock. */
  private static final Set<String> LOCK_NOT_GRANTED = Set.of("55P03", "57014", "40P01");

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

  /**
   * An autovacuum that is in the way is cancelled once the deadlock timeout has passed, which by
   * default is longer than we wait. Only a superuser may shorten it.
   */
  private static final String AUTOVACUUM_YIELDS =
      "SELECT set_config('deadlock_timeout', '100ms', true)"
          + " WHERE current_setting('is_superuser') = 'on'";

  private static final List<String> CONFLICTING_WITH_WRITERS =
      List.of(
          "RowExclusiveLock",
          "ShareUpdateExclusiveLock",
          "ShareLock",
          "ShareRowExclusiveLock",
          "ExclusiveLock",
          "AccessExclusiveLock");

  private static final List<String> CONFLICTING_WITH_READERS =
      List.of("AccessShareLock", "RowShareLock");

  /** How strong the lock is. */
  public enum Mode {
    /** Stops writers, lets readers pass. */
    SHARE_ROW_EXCLUSIVE("SHARE ROW EXCLUSIVE"),
    /** Stops everybody; removing a trigger needs it. */
    ACCESS_EXCLUSIVE("ACCESS EXCLUSIVE");

    private final String sql;

    Mode(String sql) {
      this.sql = sql;
    }

    /** The locks of others that keep us from this one. */
    public List<String> conflicting() {
      List<String> modes = new ArrayList<>(CONFLICTING_WITH_WRITERS);
      switch (this) {
        case SHARE_ROW_EXCLUSIVE -> {}
        case ACCESS_EXCLUSIVE -> modes.addAll(CONFLICTING_WITH_READERS);
      }
      return modes;
    }
  }

  /** What is done once the lock is held. */
  interface Change {
    void apply(Connection transaction) throws SQLException;
  }

  private final Connection connection;
  private final Duration lockTimeout;
  private final Instant deadline;
  private final ProgressMonitor monitor;

  /**
   * Changes tables over one connection, which is in autocommit mode.
   *
   * @param lockTimeout how long others may have to wait for us at a time
   * @param deadline when to give up
   */
  LockedChange(
      Connection connection, Duration lockTimeout, Instant deadline, ProgressMonitor monitor) {
    this.connection = connection;
    this.lockTimeout = lockTimeout;
    this.deadline = deadline;
    this.monitor = monitor;
  }

  /**
   * Locks the table with its partitions, applies the change and commits.
   *
   * @throws MigrationException of type DRAIN_TIMED_OUT, naming who holds the table, where the lock
   *     is not granted before the deadline
   */
  void apply(TableRows table, Mode mode, Change change) throws SQLException {
    Duration pause = lockTimeout;
    while (!tryToApply(connection, lockTimeout, table, mode, change)) {
      monitor.throwIfCancelled();
      if (Instant.now().plus(pause).isAfter(deadline)) {
        throw new MigrationException(
            FailureType.DRAIN_TIMED_OUT,
            ("Table %s could not be locked in time: it is held by %s. End those"
                    + " transactions, or start again when they have ended.")
                .formatted(
                    table.table(), HeldTable.holders(holders(connection, table.table(), mode))));
      }
      monitor.update(
          new Progress(
              0,
              -1,
              "",
              "waiting for %s, held by %s"
                  .formatted(
                      table.table(), HeldTable.holders(holders(connection, table.table(), mode)))));
      monitor.pause(pause);
      pause = pause.multipliedBy(3).dividedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
  }

  /**
   * Changes all of the tables in one transaction where nobody holds any of them; others wait for
   * the change alone, and not longer than for a lock.
   *
   * @param statements the change
   * @return whether it is committed; nothing is changed else
   */
  boolean tryTogether(List<TableRows> tables, Mode mode, List<String> statements)
      throws SQLException {
    return tryTogether(connection, lockTimeout, tables, mode, statements);
  }

  /** {@link #tryTogether(List, Mode, List)} over a connection in autocommit mode. */
  static boolean tryTogether(
      Connection connection,
      Duration lockTimeout,
      List<TableRows> tables,
      Mode mode,
      List<String> statements)
      throws SQLException {
    connection.setAutoCommit(false);
    try {
      Sql.execute(
          connection,
          "SET LOCAL lock_timeout = %1$d; SET LOCAL statement_timeout = %1$d"
              .formatted(lockTimeout.toMillis()));
      // nobody queues behind a lock that is not waited for
      Sql.execute(
          connection,
          "LOCK TABLE %s IN %s MODE NOWAIT"
              .formatted(
                  tables.stream().map(TableRows::sql).collect(Collectors.joining(", ")), mode.sql));
      runTogether(connection, statements);
      DurableAct.CHANGE_SHARED_TABLES.run(connection::commit);
      return true;
    } catch (SQLException e) {
      connection.rollback();
      if (LOCK_NOT_GRANTED.contains(String.valueOf(e.getSQLState()))) {
        return false;
      }
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Runs statements as a single one: without round trips, under one statement timeout. */
  static void runTogether(Connection transaction, List<String> statements) throws SQLException {
    String body =
        statements.stream()
            .map(statement -> "EXECUTE %s; ".formatted(SqlLiterals.quote(statement)))
            .collect(Collectors.joining("", "BEGIN ", "END"));
    Sql.execute(transaction, "DO " + SqlLiterals.quote(body));
  }

  /**
   * Asks for the lock once.
   *
   * @return whether it was granted, and the change committed
   */
  static boolean tryToApply(
      Connection connection, Duration lockTimeout, TableRows table, Mode mode, Change change)
      throws SQLException {
    connection.setAutoCommit(false);
    boolean locked = false;
    try {
      Sql.execute(connection, AUTOVACUUM_YIELDS);
      Sql.execute(connection, "SET LOCAL lock_timeout = " + lockTimeout.toMillis());
      Sql.execute(connection, "SET LOCAL statement_timeout = " + lockTimeout.toMillis());
      Sql.execute(connection, "LOCK TABLE %s IN %s MODE".formatted(table.sql(), mode.sql));
      locked = true;
      Sql.execute(connection, "SET LOCAL statement_timeout = 0");
      change.apply(connection);
      DurableAct.CHANGE_SHARED_TABLES.run(connection::commit);
      return true;
    } catch (SQLException e) {
      connection.rollback();
      if (!locked && LOCK_NOT_GRANTED.contains(String.valueOf(e.getSQLState()))) {
        return false;
      }
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Who holds the table or a partition of it in a way that keeps us from locking it. */
  static List<HeldTable> holders(Connection connection, TableName table, Mode mode)
      throws SQLException {
    return TableHolders.of(
        connection,
        List.of(new TableHolders.Named(Identifiers.quote(table), table.toString())),
        mode.conflicting());
  }
}
