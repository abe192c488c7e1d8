package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.engine.LatestAttempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.MigrationBackends;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.sessions.LeftSession;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses one tenant's writes in the shared database, and nobody else's.
 *
 * <p>Tables get their triggers a few in a transaction, under SHARE ROW EXCLUSIVE locks. <b>That
 * lock is the drain.</b> It conflicts with the ROW EXCLUSIVE lock that every writer holds until its
 * transaction ends, so once it is granted no earlier transaction has written to the table and is
 * still open; and whoever writes to it later takes a lock first, learns of the triggers with that
 * lock however old its transaction and its snapshot are, and is judged. So when {@link #raise}
 * returns, all that will ever be written for the tenant is committed.
 *
 * <p>Where a parent is asked whose its child is, the parent's table is fenced first. A child row
 * that is judged then has a parent that is committed, or one that never comes: not even a foreign
 * key that is checked at the end of the transaction alone finds one later. A writer whose snapshot
 * is older than the fence may not see that parent, or not as it is now, while its foreign key
 * passes; it is refused, and tries again with a newer one ({@link FenceSql#askingBody}). (Who
 * switches foreign keys off, as {@code session_replication_role} does, may leave a child without a
 * parent, which is nobody's row then.)
 *
 * <p>A neighbour waits at most the lock timeout at a time. A neighbour's TRUNCATE is refused: it
 * would take the tenant's rows too. Reference tables are everybody's and are not fenced.
 *
 * <p>{@link #release} ends all sessions of the migration in the shared database and makes the
 * functions pass, which needs no lock on any table, so that no reader can keep the tenant from
 * writing. It records that it has begun: an attempt to raise the fence that is still under way
 * elsewhere loses its session, and one that comes later is refused. The triggers stay, call
 * functions that do nothing, and are taken away by {@link #remove}, which may have to wait.
 */
public final class WriteFence {

  private static final String STORE = StoreName.POSTGRES.key();
  private static final String RELEASED = "fence released";
  private static final String SESSION = "fence";
  private static final String FENCING = "fence the tenant's writes in";

  /** More would only wait for the server's processors and disks. */
  private static final int MOST_SESSIONS = 4;

  private final PostgresConnections connections;
  private final MigrationJournal journal;
  private final Limits limits;

  /** A fence with the default limits. */
  public WriteFence(PostgresConnections connections, MigrationJournal journal) {
    this(connections, journal, Limits.DEFAULT);
  }

  public WriteFence(PostgresConnections connections, MigrationJournal journal, Limits limits) {
    this.connections = connections;
    this.journal = journal;
    this.limits = limits;
  }

  /**
   * How long others wait for us, and we for others.
   *
   * @param lockTimeout how long a neighbour's write may wait for the fence at a time; 500 ms
   * @param drain how long transactions that began earlier may take to end, all tables together; 60
   *     s
   * @param removal how long one attempt at removing the triggers waits for others' transactions; 10
   *     min
   */
  public record Limits(Duration lockTimeout, Duration drain, Duration removal) {
    public static final Limits DEFAULT =
        new Limits(Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ofMinutes(10));
  }

  /**
   * What a release found.
   *
   * @param stood whether there was a fence
   * @param left sessions of this migration that could not be ended; they hold no write back
   */
  public record Released(boolean stood, List<LeftSession> left) {}

  /**
   * Raises the fence; repeatable.
   *
   * @throws MigrationException of type DRAIN_TIMED_OUT where a transaction that began earlier holds
   *     a table for too long, of type NOT_MOVABLE where the tables have changed since the plan, of
   *     type WRITER_SUPERSEDED where a later attempt raises it, WORK_ENDED where it was released
   */
  public void raise(MigrationContext context, ProgressMonitor monitor) {
    try (Connection source = open(context, SESSION)) {
      FenceSql sql = begin(context, source, monitor);
      TenantTables tables = TenantCatalog.read(source, context.request());
      List<TenantTable> fenced = fenced(tables.requireMovable());
      FenceCatalog.create(source, sql.createRefusingFunction());
      new FenceRaising(sql, limits.drain(), triggers(context, monitor, "fencing"))
          .raise(source, fenced, tables);
    } catch (SQLException e) {
      throw failure(FENCING, context, e);
    }
  }

  /**
   * Begins an attempt at raising or capturing: an earlier one that is still under way ends.
   *
   * @throws MigrationException of type WORK_ENDED where the fence was released, WRITER_SUPERSEDED
   *     where a later attempt has begun
   */
  FenceSql begin(MigrationContext context, Connection source, ProgressMonitor monitor)
      throws SQLException {
    if (journal.recall(context.migrationId(), STORE, RELEASED, Boolean.class).isPresent()) {
      throw new MigrationException(
          FailureType.WORK_ENDED,
          "The fence of this migration has been released and cannot be raised again.");
    }
    var unused = LatestAttempt.begin(journal, context.migrationId(), STORE, monitor.attempt());
    // an earlier attempt that is still under way would only be in this one's way
    MigrationBackends.terminate(source, database(context), context.migrationId(), SESSION);
    return sql(context);
  }

  Limits limits() {
    return limits;
  }

  TriggerRaising triggers(MigrationContext context, ProgressMonitor monitor, String doing) {
    return new TriggerRaising(
        limits,
        Math.min(MOST_SESSIONS, context.spec(PostgresSpec.class).parallelism()),
        number -> open(context, SESSION + " " + number),
        e -> failure(FENCING, context, e),
        monitor,
        doing);
  }

  /**
   * What of the fence does not stand; empty where every table refuses the tenant's writes.
   *
   * @param source an open connection to the shared database
   */
  public List<String> missing(Connection source, MigrationContext context, TenantTables tables)
      throws SQLException {
    return switch (context.request().mode()) {
      case ONLINE -> new CaptureSql(sql(context)).missing(source, tables);
      case OFFLINE -> missingTriggers(source, context, tables);
    };
  }

  private static List<String> missingTriggers(
      Connection source, MigrationContext context, TenantTables tables) throws SQLException {
    List<TenantTable> fenced = fenced(tables.tables());
    StandingFence standing =
        StandingFence.read(source, sql(context), fenced.stream().map(TenantTable::name).toList());
    List<String> missing = new ArrayList<>();
    for (TenantTable table : fenced) {
      missing.addAll(standing.faults(table.name(), tables.own(table)));
    }
    return missing;
  }

  /** The tables that a fence guards. */
  public static List<TenantTable> fenced(List<TenantTable> tables) {
    return tables.stream().filter(table -> table.scope() != TenantTable.Scope.REFERENCE).toList();
  }

  /** Lets the tenant write again; repeatable. The triggers stay until {@link #remove}. */
  public Released release(MigrationContext context) {
    var unused =
        journal.remember(context.migrationId(), STORE, RELEASED, Boolean.class, () -> Boolean.TRUE);
    try (Connection source = open(context, "release")) {
      // whatever they do: a copy for a worker that hangs, a check that outlived its cancel
      List<LeftSession> left = MigrationBackends.endAll(source, context.migrationId());
      List<TableName> functions =
          FenceCatalog.functions(source, FenceSql.functionPrefix(context.migrationId()));
      FenceCatalog.letPass(source, functions);
      return new Released(!functions.isEmpty(), left);
    } catch (SQLException e) {
      throw failure("release the fence in", context, e);
    }
  }

  /**
   * Removes what a released fence left: triggers, functions, and the schema where it is empty then;
   * repeatable.
   *
   * @return whether anything was left
   * @throws MigrationException of type STORE_ERROR, naming tables and sessions, where others'
   *     transactions held tables for too long; of type CONFIGURATION_CONFLICT where the fence was
   *     not released
   */
  public boolean remove(MigrationContext context, ProgressMonitor monitor) {
    if (journal.recall(context.migrationId(), STORE, RELEASED, Boolean.class).isEmpty()) {
      throw new MigrationException(
          FailureType.CONFIGURATION_CONFLICT,
          ("The fence in database %s is not released, so its triggers were not"
                  + " removed. Release it first.")
              .formatted(database(context)));
    }
    try (Connection source = open(context, "remove fence")) {
      return new FenceRemoval(source, context.migrationId(), limits, monitor).remove();
    } catch (SQLException e) {
      throw failure("remove the fence's triggers in", context, e);
    }
  }

  Connection open(MigrationContext context, String what) {
    return DatabaseAccess.source(connections, context).openShort(what);
  }

  private String database(MigrationContext context) {
    return connections.address(context.spec(PostgresSpec.class).source()).database();
  }

  private static FenceSql sql(MigrationContext context) {
    return new FenceSql(
        context.migrationId(), context.tenant(), context.spec(PostgresSpec.class).sourceSchema());
  }

  private MigrationException failure(String doing, MigrationContext context, SQLException e) {
    return PostgresFailures.translate(
        doing, "database " + connections.address(context.spec(PostgresSpec.class).source()), e);
  }
}
