package com.matih.tenantmigration.activities.postgres.follow;

import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.fence.CaptureState;
import com.matih.tenantmigration.activities.postgres.fence.NoteTable;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotTaker;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.PartitionTrees;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Carries changes over in rounds.
 *
 * <p>A round reads the notes, and the rows of their keys, in one snapshot S of the shared primary,
 * and puts all of it into place in one transaction of the dedicated side, which notes S in the
 * ledger. <b>After a round the dedicated side equals the shared side at S, row for row.</b> Only
 * then the notes that S has seen are {@link #forget removed}; a round that is interrupted before is
 * taken again, and twice is the same as once.
 *
 * <p>What S shows may be lost with a crash of the shared server where commits do not wait for the
 * disk. So something is committed there, and waits, after S was taken and before the dedicated side
 * commits; and a row that a crash takes away tells the next round that there was one.
 */
public final class RowRounds implements AutoCloseable {

  /** Why the dedicated side can lack a round whose notes were deleted on the shared one. */
  static final String LOST =
      "The dedicated database lacks changes that were carried over: it was restored from a backup,"
          + " or a server has taken over that had not received all of them.";

  private static final String FILES =
      """
      SELECT root.name, string_agg(pg_relation_filenode(p.relid)::text, ' ' ORDER BY p.relid)
        FROM (SELECT name, name::regclass::oid AS oid FROM unnest(?::text[]) AS t(name)) root
       CROSS JOIN LATERAL %s p
       GROUP BY root.name
      """
          .formatted(PartitionTrees.below("root.oid"));

  /** Which tables a round carries over. */
  public enum Extent {
    /** Those whose rows are found again by their keys. */
    KEYED,
    /** All, also those that are copied again as a whole. */
    ALL
  }

  private final MigrationContext context;
  private final CaptureState state;
  private final List<FollowedTable> tables;
  private final Connection reader;
  private final Connection notes;
  private final Connection target;
  private final TargetRound targetRound;
  private final long epoch;

  /** What a round saw whose notes of moved rows stay; null before the first. */
  private @Nullable SnapshotText moved;

  private RowRounds(
      MigrationContext context,
      CaptureState state,
      List<FollowedTable> tables,
      Connection reader,
      Connection notes,
      Connection target,
      TargetRound targetRound,
      long epoch) {
    this.context = context;
    this.state = state;
    this.tables = tables;
    this.reader = reader;
    this.notes = notes;
    this.target = target;
    this.targetRound = targetRound;
    this.epoch = epoch;
  }

  /**
   * Opens sessions for rounds.
   *
   * @param isBase whether rows stand as they were copied, without keys and under the source's names
   * @param epoch the attempt's right to write to the dedicated side
   * @throws MigrationException of type SOURCE_CHANGED where something has happened to a table that
   *     no trigger sees
   */
  public static RowRounds open(
      PostgresConnections connections,
      MigrationJournal journal,
      MigrationContext context,
      boolean isBase,
      long epoch) {
    DatabaseAccess source = DatabaseAccess.source(connections, context);
    DatabaseAccess target = SnapshotTaker.withSettings(DatabaseAccess.target(connections, context));
    CaptureState state = CaptureState.of(context, journal);
    List<Connection> opened = new ArrayList<>();
    boolean complete = false;
    try {
      Connection notes = source.open("follow notes");
      opened.add(notes);
      List<FollowedTable> tables = FollowedTables.read(notes, target, context, state, isBase);
      Connection reader = source.open("follow");
      opened.add(reader);
      Connection writer = target.openForWrites(Ledger.writing(epoch, "follow"));
      opened.add(writer);
      RoundLedger.create(writer);
      requireNothingLost(RoundLedger.last(writer), state.lastDeleted(notes));
      reader.setAutoCommit(false);
      reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      writer.setAutoCommit(false);
      complete = true;
      return new RowRounds(
          context, state, tables, reader, notes, writer, new TargetRound(writer, isBase), epoch);
    } catch (SQLException e) {
      throw failure(e);
    } finally {
      if (!complete) {
        opened.forEach(DatabaseAccess::closeQuietly);
      }
    }
  }

  private static void requireNothingLost(long last, long lastDeleted) {
    if (last < lastDeleted) {
      throw new MigrationException(
          FailureType.CONTENT_MISMATCH, LOST + " Start the migration again.");
    }
  }

  private static MigrationException failure(SQLException e) {
    return PostgresFailures.translate("carry over changes of", "the tenant's rows", e);
  }

  /** Whether the tables are still what they were; see {@link CaptureState#notes}. */
  public void requireSameSchema() {
    try {
      var unused = state.notes(notes, context, TenantCatalog.read(notes, context.request()));
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** The tables whose changes are carried over. */
  public List<FollowedTable> tables() {
    return tables;
  }

  /** The session whose transaction sees the shared side at S, until {@link #release}. */
  public Connection sharedAtS() {
    return reader;
  }

  /** Lends the round's snapshot to other sessions, until {@link #release}. */
  public String exportPoint() {
    try {
      return Sql.text(reader, "SELECT pg_export_snapshot()").orElseThrow();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** The session that wrote the round; what it shows is the dedicated side after it. */
  public Connection dedicated() {
    return target;
  }

  /**
   * Carries over what is noted now. The shared side's snapshot stays open until {@link #release}.
   */
  public Round run(Extent extent) {
    try {
      return carryOver(extent);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private Round carryOver(Extent extent) throws SQLException {
    WorkScope.current().throwIfCancelled();
    String snapshot = Sql.text(reader, "SELECT pg_current_snapshot()::text").orElseThrow();
    SourceRound noted = SourceRound.read(reader, tables);
    state.requireNoCrash(notes);
    List<Round.Carried> carried = new ArrayList<>();
    for (FollowedTable table : tables) {
      boolean isKeyed = table.note().isKeyed();
      boolean again = extent == Extent.ALL && !table.note().tellsChanges();
      if ((isKeyed || extent == Extent.ALL) && (noted.concerns(table) || again)) {
        carried.add(
            new Round.Carried(table, !isKeyed || noted.isWhole(table), noted.predicate(table)));
      }
    }
    long number = 0;
    if (!carried.isEmpty()) {
      number = carryOver(noted, carried, snapshot);
    }
    return new Round(number, snapshot, noted.notes(), carried);
  }

  private long carryOver(SourceRound noted, List<Round.Carried> carried, String snapshot)
      throws SQLException {
    boolean isLookedUp = noted.isSmall() && tables.stream().noneMatch(noted::hasMoved);
    if (isLookedUp) {
      Sql.execute(reader, "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off");
    }
    for (Round.Carried one : carried) {
      take(noted, one);
    }
    state.beat(notes);
    if (isLookedUp) {
      targetRound.lookUpOneByOne();
    }
    for (Round.Carried one : carried) {
      targetRound.delete(one.table(), one.whole());
    }
    for (Round.Carried one : carried) {
      targetRound.insert(one.table());
    }
    long number = RoundLedger.next(target, snapshot);
    for (Round.Carried one : carried) {
      targetRound.keep(one.table(), one.whole(), number);
    }
    for (FollowedTable table : tables) {
      targetRound.deleteOrphans(table, number);
    }
    Ledger.requireCurrent(target, epoch);
    DurableAct.COMMIT_ROUND.run(target::commit);
    return number;
  }

  private void take(SourceRound noted, Round.Carried one) throws SQLException {
    FollowedTable table = one.table();
    WorkScope.current().throwIfCancelled();
    targetRound.prepare(table);
    String option = table.format().option();
    if (!one.whole()) {
      Transfer.run(reader, SourceRound.keys(table), option, target, TargetRound.takeKeys(table));
      targetRound.addChildren(table);
    }
    Transfer.run(reader, noted.rows(table), option, target, TargetRound.takeRows(table));
    if (!one.whole()) {
      targetRound.addKeysOfRows(table);
    }
  }

  /**
   * Removes the notes that a round has carried over, as far as its snapshot has seen them. Those of
   * moved rows stay until all transactions have ended that may not have seen them move: what such a
   * one writes below them is not noted.
   */
  public void forget(Round round) {
    try {
      if (round.number() > 0) {
        state.noteDeleted(notes, round.number());
      }
      for (Round.Carried one : round.carried()) {
        removeNotes(one.table(), "<>", round.snapshot());
      }
      if (moved == null) {
        moved = SnapshotText.parse(round.snapshot());
      } else if (SnapshotText.parse(round.snapshot()).hasEndedAllOf(moved)) {
        for (Round.Carried one : round.carried()) {
          removeNotes(one.table(), "=", moved.text());
        }
        moved = SnapshotText.parse(round.snapshot());
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /**
   * Gives both sides a final number after the last write to the dedicated one, so that the loss of
   * any earlier write shows.
   *
   * @param last the last round
   */
  public void end(Round last) {
    try {
      long number = RoundLedger.next(target, last.snapshot());
      Ledger.requireCurrent(target, epoch);
      DurableAct.COMMIT_ROUND.run(target::commit);
      state.noteDeleted(notes, number);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /**
   * How many of the rows that are noted now are the tenant's alone. Under the fence there are none:
   * what is noted then are rows that others share, or whose owner a writer could not see.
   */
  public long notedOwnRows() {
    try {
      long rows = 0;
      for (FollowedTable table : tables) {
        if (table.note().isKeyed()) {
          rows += Sql.number(reader, SourceRound.ownRows(table));
        }
      }
      reader.commit();
      return rows;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /**
   * The files in which the tables' rows lie now. A snapshot from before a TRUNCATE sees a table as
   * empty, so what it seemed to hold counts only if its files are still the same afterwards.
   */
  public Map<TableName, String> files() {
    Map<String, TableName> names = new HashMap<>();
    tables.forEach(table -> names.put(Identifiers.quote(table.name()), table.name()));
    Map<TableName, String> files = new HashMap<>();
    try {
      Sql.forEach(
          notes,
          FILES,
          row -> files.put(Objects.requireNonNull(names.get(row.getString(1))), row.getString(2)),
          Sql.array("text", names.keySet()));
      return files;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private void removeNotes(FollowedTable table, String ofMoved, String snapshot)
      throws SQLException {
    String deletion =
        "DELETE FROM %s WHERE %s %s '%s' AND pg_visible_in_snapshot(%s, ?::pg_snapshot)"
            .formatted(
                Identifiers.quote(table.note().name()),
                NoteTable.KIND,
                ofMoved,
                NoteTable.MOVED,
                NoteTable.XID);
    DurableAct.REMOVE_NOTES.run(() -> Sql.execute(notes, deletion, snapshot));
  }

  /** Lets go of the shared side's snapshot. */
  public void release() {
    try {
      reader.commit();
      target.commit();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() {
    DatabaseAccess.closeQuietly(reader);
    DatabaseAccess.closeQuietly(notes);
    DatabaseAccess.closeQuietly(target);
  }
}
