package com.matih.tenantmigration.embedded.workload;

import com.matih.tenantmigration.embedded.workload.ModelRow.Account;
import com.matih.tenantmigration.embedded.workload.ModelRow.Entry;
import com.matih.tenantmigration.embedded.workload.ModelRow.Line;
import com.matih.tenantmigration.embedded.workload.ModelRow.Setting;
import com.matih.tenantmigration.embedded.workload.ModelRow.Ticket;
import com.matih.tenantmigration.embedded.workload.Writing.RowNotFoundException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;

/** What a transaction of each kind does, up to its commit. */
final class Transactions {

  private static final String UNIQUE_VIOLATION = "23505";
  private static final int LONGEST_PAUSE = 200;

  /** A session that has more rows of a table deletes some instead of inserting. */
  private static final int MANY_ROWS = 120;

  /** What longer transactions are made of. */
  private static final List<WorkloadKind> SINGLE =
      List.of(
          WorkloadKind.INSERT,
          WorkloadKind.UPDATE,
          WorkloadKind.DELETE,
          WorkloadKind.UPSERT,
          WorkloadKind.KEY_CHANGE,
          WorkloadKind.SWAP,
          WorkloadKind.CASCADE,
          WorkloadKind.REPARENT,
          WorkloadKind.MOVE_PARTITION,
          WorkloadKind.KEYLESS_INSERT);

  private final WorkloadSettings settings;
  private final List<WorkloadKind> single;

  Transactions(WorkloadSettings settings) {
    this.settings = settings;
    List<WorkloadKind> wanted = SINGLE.stream().filter(settings.kinds()::contains).toList();
    this.single = wanted.isEmpty() ? List.of(WorkloadKind.UPDATE) : wanted;
  }

  void perform(WorkloadKind kind, Writing w) throws SQLException, RowNotFoundException {
    switch (kind) {
      case INSERT -> insert(w);
      case UPDATE -> update(w);
      case DELETE -> delete(w);
      case UPSERT -> SettingWrites.upsert(w);
      case KEY_CHANGE -> SettingWrites.rename(w);
      case SWAP -> AccountWrites.swapCodes(w);
      case CASCADE -> AccountWrites.deleteWithEntries(w);
      case SET_NULL -> AccountWrites.deleteParent(w);
      case REPARENT -> reparent(w);
      case MOVE_PARTITION -> TicketWrites.move(w);
      case MOVE_TENANT -> moveTenant(w);
      case LONG_TRANSACTION -> atLength(w);
      case SAVEPOINT -> withSavepoint(w);
      case ROLLBACK, PREPARED -> several(w);
      case DEFERRED -> AccountWrites.insertAfterItsEntry(w);
      case BULK_COPY -> bulk(w);
      case TRUNCATE -> LineWrites.truncate(w);
      case REPLICA_ROLE -> asReplica(w);
      case CONTENDED -> LineWrites.count(w, settings.seed());
      case REFERENCE -> AccountWrites.insertWithRegion(w);
      case KEYLESS_INSERT -> LineWrites.insert(w);
      case KEYLESS_CHANGE -> LineWrites.change(w);
    }
  }

  private static void insert(Writing w) throws SQLException, RowNotFoundException {
    int rows = 1 + w.below(3);
    for (int i = 0; i < rows; i++) {
      switch (w.below(5)) {
        case 0 -> insertAccount(w);
        case 1 -> insertEntry(w);
        case 2 -> EntryWrites.insertNote(w, EntryWrites.any(w));
        case 3 -> SettingWrites.insert(w);
        default -> insertTicket(w);
      }
    }
  }

  private static void insertAccount(Writing w) throws SQLException, RowNotFoundException {
    List<Account> own = w.own(Account.class);
    if (own.size() > MANY_ROWS) {
      AccountWrites.delete(w, w.anyOf(own));
    } else {
      AccountWrites.insert(w);
    }
  }

  private static void insertEntry(Writing w) throws SQLException, RowNotFoundException {
    List<Entry> own = w.own(Entry.class);
    if (own.size() > MANY_ROWS) {
      EntryWrites.delete(w, w.anyOf(own));
    } else {
      EntryWrites.insert(w, AccountWrites.any(w));
    }
  }

  private static void insertTicket(Writing w) throws SQLException, RowNotFoundException {
    if (w.own(Ticket.class).size() > MANY_ROWS) {
      BulkWrites.deleteTickets(w);
    } else {
      TicketWrites.insert(w);
    }
  }

  private static void update(Writing w) throws SQLException, RowNotFoundException {
    int rows = 1 + w.below(3);
    for (int i = 0; i < rows; i++) {
      switch (w.below(5)) {
        case 0 -> AccountWrites.update(w, AccountWrites.any(w));
        case 1 -> EntryWrites.update(w, EntryWrites.any(w));
        case 2 -> EntryWrites.updateNote(w, EntryWrites.anyNote(w));
        case 3 -> SettingWrites.update(w, SettingWrites.any(w));
        default -> TicketWrites.update(w, TicketWrites.any(w));
      }
    }
  }

  private static void delete(Writing w) throws SQLException, RowNotFoundException {
    switch (w.below(4)) {
      case 0 -> EntryWrites.delete(w, EntryWrites.any(w));
      case 1 -> EntryWrites.deleteNote(w, EntryWrites.anyNote(w));
      case 2 -> SettingWrites.delete(w, SettingWrites.any(w));
      default -> TicketWrites.delete(w, TicketWrites.any(w));
    }
  }

  private static void reparent(Writing w) throws SQLException, RowNotFoundException {
    if (w.coin()) {
      EntryWrites.reparent(w);
    } else {
      AccountWrites.changeParent(w);
    }
  }

  private void moveTenant(Writing w) throws SQLException, RowNotFoundException {
    String neighbour = w.anyOf(settings.neighbours());
    if (w.coin()) {
      AccountWrites.moveTenant(w, neighbour);
    } else {
      SettingWrites.moveTenant(w, neighbour);
    }
  }

  private void atLength(Writing w) throws SQLException, RowNotFoundException {
    if (w.coin()) {
      w.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    }
    int changes = 3 + w.below(3);
    for (int i = 0; i < changes; i++) {
      perform(w.anyOf(single), w);
      w.pause(LONGEST_PAUSE);
    }
  }

  private void several(Writing w) throws SQLException, RowNotFoundException {
    int changes = 1 + w.below(3);
    for (int i = 0; i < changes; i++) {
      perform(w.anyOf(single), w);
    }
  }

  private void withSavepoint(Writing w) throws SQLException, RowNotFoundException {
    perform(w.anyOf(single), w);
    Connection connection = w.connection();
    Setting taken = SettingWrites.any(w);
    Savepoint savepoint = connection.setSavepoint();
    Draft before = w.draft().copy();
    several(w);
    if (w.coin() && w.draft().has(taken.rowKey())) {
      insertTaken(w, taken);
    }
    connection.rollback(savepoint);
    w.draft().reset(before);
    Savepoint kept = connection.setSavepoint();
    perform(w.anyOf(single), w);
    connection.releaseSavepoint(kept);
  }

  /** An error that the application expects, and recovers from with the savepoint. */
  private static void insertTaken(Writing w, Setting taken) throws SQLException {
    try {
      SettingWrites.insertTaken(w, taken);
    } catch (SQLException e) {
      if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      return;
    }
    throw new SQLException("A second row of the same key was accepted: " + taken.rowKey());
  }

  private void bulk(Writing w) throws SQLException, RowNotFoundException {
    if (w.own(Ticket.class).size() > MANY_ROWS) {
      BulkWrites.deleteTickets(w);
    }
    if (w.own(Line.class).size() > MANY_ROWS
        && settings.kinds().contains(WorkloadKind.KEYLESS_CHANGE)) {
      BulkWrites.deleteLines(w);
    }
    BulkWrites.copy(w);
  }

  /** Triggers and foreign keys do not act, so nothing is done here that needs them. */
  private static void asReplica(Writing w) throws SQLException, RowNotFoundException {
    w.execute("SET LOCAL session_replication_role = replica");
    TicketWrites.update(w, TicketWrites.any(w));
    SettingWrites.update(w, SettingWrites.any(w));
    EntryWrites.insert(w, AccountWrites.any(w));
    w.execute("SET LOCAL session_replication_role = origin");
  }
}
