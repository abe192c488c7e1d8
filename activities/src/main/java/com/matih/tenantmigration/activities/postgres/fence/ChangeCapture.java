package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.fence.TriggerRaising.Missing;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Notes every change of the tenant's rows in the shared database from some point on, and refuses
 * them from a later one, without a lock on any table but our own.
 *
 * <p>The triggers are created under SHARE ROW EXCLUSIVE locks, which wait for every writer that is
 * still open: what is written before is committed when {@link #begin} returns, and what is written
 * later is noted. {@link #raiseFence} locks the tables of notes alone, for which only writers of
 * the tenant wait and are waited for; see {@link CaptureSql}.
 */
public final class ChangeCapture {

  /** Statement timeout, deadlock. */
  private static final Set<String> LOCK_NOT_GRANTED = Set.of("57014", "40P01");

  private static final String STORE = StoreName.POSTGRES.key();
  private static final String CAPTURED = "captured schema";
  private static final String CAPTURING = "capture the tenant's changes in";
  private static final String RAISING = "raise the fence in";
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final WriteFence fence;
  private final PostgresConnections connections;
  private final MigrationJournal journal;

  public ChangeCapture(
      WriteFence fence, PostgresConnections connections, MigrationJournal journal) {
    this.fence = fence;
    this.connections = connections;
    this.journal = journal;
  }

  /**
   * Has changes noted from now on; repeatable.
   *
   * @throws MigrationException of type DRAIN_TIMED_OUT where a transaction that began earlier holds
   *     a table for too long, of type NOT_MOVABLE where the tables have changed since the plan
   */
  public void begin(MigrationContext context, ProgressMonitor monitor) {
    try (Connection source = fence.open(context, "capture")) {
      FenceSql sql = fence.begin(context, source, monitor);
      CaptureSql capture = new CaptureSql(sql);
      TenantTables tables = TenantCatalog.read(source, context.request());
      List<NoteTable> notes = NoteTable.of(source, context.migrationId(), tables);
      FenceCatalog.create(source, sql.createRefusingFunction());
      createShared(source, capture);
      raise(context, source, capture, tables, notes, monitor);
      CapturedSchema captured =
          CapturedSchema.read(
              source,
              context.migrationId(),
              notes.stream().map(note -> note.table().name()).toList());
      var unused =
          journal.remember(
              context.migrationId(), STORE, CAPTURED, CapturedSchema.class, () -> captured);
    } catch (SQLException e) {
      throw failure(CAPTURING, context, e);
    }
  }

  /** The tables as they were when the capture had begun. */
  static CapturedSchema captured(MigrationContext context, MigrationJournal journal) {
    return journal
        .recall(context.migrationId(), STORE, CAPTURED, CapturedSchema.class)
        .orElseThrow(() -> new IllegalStateException("nothing is captured yet"));
  }

  private static void createShared(Connection source, CaptureSql capture) throws SQLException {
    for (String statement : capture.createShared()) {
      Sql.execute(source, statement);
    }
    String marker = Identifiers.quote(capture.marker());
    if (Sql.text(source, "SELECT to_regclass(?)::text", marker).isEmpty()) {
      Sql.execute(source, capture.createMarker());
    }
  }

  private void raise(
      MigrationContext context,
      Connection source,
      CaptureSql capture,
      TenantTables tables,
      List<NoteTable> notes,
      ProgressMonitor monitor)
      throws SQLException {
    StandingFence standing =
        StandingFence.read(
            source, capture.fence(), notes.stream().map(note -> note.table().name()).toList());
    String searchPath =
        Sql.one(source, "SELECT current_setting('search_path')", row -> row.getString(1));
    List<Missing> missing = new ArrayList<>();
    for (NoteTable note : notes) {
      TableName table = note.table().name();
      List<String> before = new ArrayList<>(CaptureSql.createNotes(note));
      before.add(
          capture.createFunction(
              note, tables.moving(table), tables.scoped(table).rules().own(), searchPath));
      missing.add(
          new Missing(
              note.table().rows(),
              standing.table(table).members().size(),
              before,
              standing.raising(table, tables.moving(table), note.function(), note.function())));
    }
    fence
        .triggers(context, monitor, "capturing changes of")
        .raise(missing, notes.size(), Instant.now().plus(fence.limits().drain()));
  }

  /**
   * Refuses the tenant's writes from now on; when it returns, all that will ever be written for the
   * tenant is committed. Repeatable.
   *
   * @throws MigrationException of type DRAIN_TIMED_OUT where a writer does not end in time
   */
  public void raiseFence(MigrationContext context, ProgressMonitor monitor) {
    try (Connection source = fence.open(context, "fence")) {
      FenceSql sql = fence.begin(context, source, monitor);
      CaptureSql capture = new CaptureSql(sql);
      TenantTables tables = TenantCatalog.read(source, context.request());
      List<NoteTable> notes = NoteTable.of(source, context.migrationId(), tables);
      Instant deadline = Instant.now().plus(fence.limits().drain());
      while (!isRaised(source, capture, notes)) {
        if (Instant.now().isAfter(deadline)) {
          throw notDrained();
        }
        monitor.update(new Progress(0, -1, "", "waiting for the tenant's writers to end"));
        monitor.pause(PAUSE);
      }
    } catch (SQLException e) {
      throw failure(RAISING, context, e);
    }
  }

  /**
   * Writers that wait for us wait for a lock timeout at the most, all locks together. Otherwise one
   * that holds what we wait for next would wait until its server takes that for a deadlock.
   */
  private boolean isRaised(Connection source, CaptureSql capture, List<NoteTable> notes)
      throws SQLException {
    try {
      return Sql.inTransaction(
          source,
          transaction -> {
            Instant end = Instant.now().plus(fence.limits().lockTimeout());
            lock(
                transaction,
                notes.stream().map(note -> Identifiers.quote(note.name())).toList(),
                end);
            lock(transaction, withoutNotes(notes), end);
            lock(transaction, hangingOnMoved(transaction, notes), end);
            Sql.execute(
                transaction,
                "SELECT setval(%s::regclass, 1)"
                    .formatted(SqlLiterals.quote(Identifiers.quote(capture.raised()))));
            Sql.execute(
                transaction,
                "UPDATE %s SET raised = true".formatted(Identifiers.quote(capture.state())));
            return true;
          });
    } catch (SQLException e) {
      if (LOCK_NOT_GRANTED.contains(String.valueOf(e.getSQLState()))) {
        return false;
      }
      throw e;
    }
  }

  private static void lock(Connection transaction, List<String> tables, Instant end)
      throws SQLException {
    if (!tables.isEmpty()) {
      long left = Math.max(1, Duration.between(Instant.now(), end).toMillis());
      Sql.execute(transaction, "SET LOCAL statement_timeout = " + left);
      Sql.execute(
          transaction,
          "LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE".formatted(String.join(", ", tables)));
      Sql.execute(transaction, "SET LOCAL statement_timeout = 0");
    }
  }

  /** Their open writers hold no lock on a table of notes, and are waited for by themselves. */
  private static List<String> withoutNotes(List<NoteTable> notes) {
    return notes.stream()
        .filter(note -> !note.isCaptured())
        .map(note -> note.table().rows().sql())
        .toList();
  }

  /**
   * A row that was written before its parent came to the tenant was not noted, and its writer may
   * be open still: the tables of such rows are waited for by themselves.
   */
  private static List<String> hangingOnMoved(Connection transaction, List<NoteTable> notes)
      throws SQLException {
    Set<TableName> moved = new HashSet<>();
    List<String> hanging = new ArrayList<>();
    for (NoteTable note : notes) {
      if (note.owners().stream().anyMatch(moved::contains)) {
        moved.add(note.table().name());
        hanging.add(note.table().rows().sql());
      } else if (note.hasScopedChildren() && mayHaveMoved(transaction, note)) {
        moved.add(note.table().name());
      }
    }
    return hanging;
  }

  /** Without a key the notes do not tell which change it was. */
  private static boolean mayHaveMoved(Connection transaction, NoteTable note) throws SQLException {
    return !note.isKeyed()
        || Sql.isTrue(
            transaction,
            "SELECT EXISTS (SELECT 1 FROM %s WHERE %s = '%s')"
                .formatted(Identifiers.quote(note.name()), NoteTable.KIND, NoteTable.MOVED));
  }

  private static MigrationException notDrained() {
    return new MigrationException(
        FailureType.DRAIN_TIMED_OUT,
        "Transactions of the tenant that write did not end in time. Look for them in"
            + " pg_stat_activity, end them, or start again when they have ended.");
  }

  private MigrationException failure(String doing, MigrationContext context, SQLException e) {
    return PostgresFailures.translate(
        doing, "database " + connections.address(context.spec(PostgresSpec.class).source()), e);
  }
}
