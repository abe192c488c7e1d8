package com.matih.tenantmigration.activities.postgres.provision;

import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.MigrationBackends;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the dedicated database refuse writes until the cutover's final step, and then take them.
 *
 * <p>The switch is the database's own setting {@code default_transaction_read_only}. A session
 * takes it over when it begins, so the sessions that services opened while writes were refused
 * would refuse them for as long as they live: opening ends those, and the services' pools open new
 * ones.
 *
 * <p>An attempt that was held up must not close what was opened meanwhile: it sets the switch in
 * one transaction with the proof that it may still write, and opening takes that right from all
 * attempts first.
 */
public final class DatabaseWriteSwitch {

  private static final Logger log = LoggerFactory.getLogger(DatabaseWriteSwitch.class);

  private static final String SETTING = "default_transaction_read_only";
  private static final String BEFORE = "setting before";
  private static final String OPENED_AT = "opened for writes at";

  private static final String READ =
      """
      SELECT substr(setting, length('default_transaction_read_only=') + 1)
        FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase,
             unnest(s.setconfig) setting
       WHERE d.datname = ? AND s.setrole = 0 AND setting LIKE 'default\\_transaction\\_read\\_only=%'
      """;

  /**
   * The server hides what sort of session it is, and when it began, from who has not its role's
   * privileges; such a one is taken for a service's of before.
   */
  private static final String EARLIER_SESSIONS =
      """
      SELECT pid, coalesce(usename::text, usesysid::text) AS role
        FROM pg_stat_activity
       WHERE datname = ? AND usesysid IS NOT NULL AND pid <> pg_backend_pid()
         AND coalesce(backend_type, 'client backend') = 'client backend'
         AND coalesce(backend_start < ?::timestamptz, true)
       ORDER BY pid
      """;

  private static final String NO_RIGHT = "42501";

  private final PostgresConnections connections;
  private final MigrationJournal journal;

  public DatabaseWriteSwitch(PostgresConnections connections, MigrationJournal journal) {
    this.connections = connections;
    this.journal = journal;
  }

  /**
   * Has the database's new sessions refuse writes unless they ask otherwise; repeatable.
   *
   * @param epoch of the attempt
   * @throws com.matih.tenantmigration.workflow.MigrationException of type WRITER_SUPERSEDED where a
   *     later attempt has taken over, WORK_ENDED where the database was opened for writes
   */
  public void refuseWrites(MigrationContext context, long epoch) {
    DatabaseAccess target = DatabaseAccess.target(connections, context);
    String name = target.address().database();
    target.change(
        Ledger.writing(epoch, "write switch"),
        "refuse writes in the dedicated database",
        name,
        connection -> {
          String current = Sql.text(connection, READ, name).orElse("");
          var unused =
              journal.remember(
                  context.migrationId(),
                  DedicatedDatabase.STORE,
                  BEFORE,
                  String.class,
                  () -> current);
          Ledger.requireCurrent(connection, epoch);
          set(connection, name, "on");
        });
  }

  /** Has the database take writes, as it did before {@link #refuseWrites}; repeatable. */
  public void openForWrites(MigrationContext context) {
    TargetServer server = new TargetServer(connections, context);
    String name = server.databaseName();
    try (Connection maintenance = server.openMaintenance("write switch")) {
      // a session that stopped between its proof and its commit would hold us up
      MigrationBackends.terminate(maintenance, name, context.migrationId(), Ledger.WRITING);
      Ledger.revoke(DatabaseAccess.target(connections, context));
      restore(context, maintenance, name);
      // a second try must not end the sessions that were opened after the first one
      String now = Sql.one(maintenance, "SELECT clock_timestamp()::text", row -> row.getString(1));
      String openedAt =
          journal.remember(
              context.migrationId(), DedicatedDatabase.STORE, OPENED_AT, String.class, () -> now);
      endSessionsBefore(maintenance, name, openedAt);
    } catch (SQLException e) {
      throw PostgresFailures.translate("open the dedicated database for writes:", name, e);
    }
  }

  /** Puts the setting back to what it was before {@link #refuseWrites}, if that ever ran. */
  void restore(MigrationContext context, Connection maintenance, String name) throws SQLException {
    String before =
        journal
            .recall(context.migrationId(), DedicatedDatabase.STORE, BEFORE, String.class)
            .orElse("");
    if (before.isEmpty()) {
      Sql.execute(
          maintenance, "ALTER DATABASE %s RESET %s".formatted(Identifiers.quote(name), SETTING));
    } else {
      set(maintenance, name, before);
    }
  }

  private static void set(Connection maintenance, String name, String value) throws SQLException {
    Sql.execute(
        maintenance,
        "ALTER DATABASE %s SET %s = %s"
            .formatted(Identifiers.quote(name), SETTING, SqlLiterals.quote(value)));
  }

  /** A session that we may not end keeps refusing writes, but not the tenant from moving. */
  private static void endSessionsBefore(Connection maintenance, String name, String instant)
      throws SQLException {
    AtomicInteger ended = new AtomicInteger();
    Set<String> left = new TreeSet<>();
    Sql.forEach(
        maintenance,
        EARLIER_SESSIONS,
        row -> {
          if (end(maintenance, row.getInt("pid"))) {
            ended.incrementAndGet();
          } else {
            left.add(row.getString("role"));
          }
        },
        name,
        instant);
    log.info("ended {} sessions that had begun while database {} refused writes", ended, name);
    if (!left.isEmpty()) {
      log.warn(
          "sessions of {} that had begun while database {} refused writes could not be ended and"
              + " refuse them until they are closed: restart those services, and give the target's"
              + " user pg_signal_backend",
          String.join(", ", left),
          name);
    }
  }

  /** Whether the session may be ended; it may have ended by itself meanwhile. */
  private static boolean end(Connection maintenance, int pid) throws SQLException {
    try {
      Sql.execute(maintenance, "SELECT pg_terminate_backend(?)", pid);
      return true;
    } catch (SQLException e) {
      if (NO_RIGHT.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }
}
