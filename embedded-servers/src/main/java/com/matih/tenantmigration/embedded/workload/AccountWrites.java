package com.matih.tenantmigration.embedded.workload;

import com.matih.tenantmigration.embedded.workload.ModelRow.Account;
import com.matih.tenantmigration.embedded.workload.ModelRow.Entry;
import com.matih.tenantmigration.embedded.workload.ModelRow.Region;
import com.matih.tenantmigration.embedded.workload.Writing.RowNotFoundException;
import com.matih.tenantmigration.embedded.workload.values.OddValues;
import java.sql.SQLException;
import java.util.List;

/** What is done to accounts, and by their foreign keys to what belongs to them. */
final class AccountWrites {

  private static final String COLUMNS =
      "tenant_id, code, parent_id, region, amount, seen_at, tags, raw, doc, payload, mark";
  private static final String VALUES =
      "?, ?, nullif(?::bigint, 0), ?, ?::numeric, ?::timestamptz, ?::text[], ?, ?::jsonb, ?, ?";

  private AccountWrites() {}

  static Account insert(Writing w) throws SQLException {
    List<Account> others = w.own(Account.class);
    long parent = others.isEmpty() || w.coin() ? 0 : w.anyOf(others).id();
    return insert(w, parent, w.coin() ? "north" : "south");
  }

  /** A new reference row, and an account that refers to it. */
  static void insertWithRegion(Writing w) throws SQLException {
    String mark = w.mark();
    Region region = new Region(w.tenant(), "region-" + mark, mark);
    w.execute("INSERT INTO region (code, mark) VALUES (?, ?)", region.code(), mark);
    w.draft().write(region);
    insert(w, 0, region.code());
  }

  private static Account insert(Writing w, long parent, String region) throws SQLException {
    String mark = w.mark();
    Account planned = new Account(w.tenant(), 0, "code-" + mark, parent, region, mark);
    long id =
        w.number(
            "INSERT INTO account (%s) VALUES (%s) RETURNING id".formatted(COLUMNS, VALUES),
            values(planned));
    Account account = new Account(w.tenant(), id, planned.code(), parent, region, mark);
    w.draft().write(account);
    return account;
  }

  /** The entry comes first; its foreign key is checked at the commit. */
  static void insertAfterItsEntry(Writing w) throws SQLException {
    String mark = w.mark();
    long id = w.number("SELECT nextval(pg_get_serial_sequence('account', 'id'))");
    Account account = new Account(w.tenant(), id, "code-" + mark, 0, "north", mark);
    EntryWrites.insert(w, account);
    w.pause(20);
    w.execute(
        "INSERT INTO account (id, %s) OVERRIDING SYSTEM VALUE VALUES (?, %s)"
            .formatted(COLUMNS, VALUES),
        withId(account));
    w.draft().write(account);
  }

  static Account any(Writing w) throws SQLException {
    List<Account> own = w.own(Account.class);
    return own.isEmpty() ? insert(w) : w.anyOf(own);
  }

  static void update(Writing w, Account old) throws SQLException, RowNotFoundException {
    Account account = old.withMark(w.mark());
    w.change(
        old,
        """
        UPDATE account SET amount = ?::numeric, seen_at = ?::timestamptz, tags = ?::text[],
          raw = ?, doc = ?::jsonb, payload = ?, mark = ? WHERE id = ?""",
        OddValues.number(account.mark()),
        OddValues.instant(account.mark()),
        OddValues.array(account.mark()),
        OddValues.bytes(account.mark()),
        OddValues.document(account.mark()),
        OddValues.payload(account.mark()),
        account.mark(),
        account.id());
    w.draft().write(account);
  }

  /** Two accounts swap their codes. */
  static void swapCodes(Writing w) throws SQLException, RowNotFoundException {
    Account first = any(w);
    Account second =
        w.own(Account.class).stream()
            .filter(other -> other.id() != first.id())
            .findFirst()
            .orElse(first);
    if (second.id() == first.id()) {
      second = insert(w);
    }
    Account firstAfter = first.withCode(second.code(), w.mark());
    Account secondAfter = second.withCode(first.code(), w.mark());
    if (w.coin()) {
      w.execute("SET CONSTRAINTS ALL DEFERRED");
      setCode(w, first, firstAfter);
      setCode(w, second, secondAfter);
    } else {
      int found =
          w.update(
              """
              UPDATE account SET code = CASE id WHEN ? THEN ? ELSE ? END,
                mark = CASE id WHEN ? THEN ? ELSE ? END,
                payload = CASE id WHEN ? THEN ? ELSE ? END WHERE id IN (?, ?)""",
              first.id(),
              firstAfter.code(),
              secondAfter.code(),
              first.id(),
              firstAfter.mark(),
              secondAfter.mark(),
              first.id(),
              OddValues.payload(firstAfter.mark()),
              OddValues.payload(secondAfter.mark()),
              first.id(),
              second.id());
      if (found != 2) {
        throw new RowNotFoundException(first, found);
      }
      w.draft().write(firstAfter);
      w.draft().write(secondAfter);
    }
  }

  private static void setCode(Writing w, Account old, Account account)
      throws SQLException, RowNotFoundException {
    w.change(
        old,
        "UPDATE account SET code = ?, payload = ?, mark = ? WHERE id = ?",
        account.code(),
        OddValues.payload(account.mark()),
        account.mark(),
        account.id());
    w.draft().write(account);
  }

  /** An account gets another parent, or none. */
  static void changeParent(Writing w) throws SQLException, RowNotFoundException {
    Account old = any(w);
    Account parent = any(w);
    Account account = old.withParent(parent.id() == old.id() ? 0 : parent.id(), w.mark());
    w.change(
        old,
        "UPDATE account SET parent_id = nullif(?::bigint, 0), payload = ?, mark = ? WHERE id = ?",
        account.parent(),
        OddValues.payload(account.mark()),
        account.mark(),
        account.id());
    w.draft().write(account);
  }

  /** Deletes an account that has an entry with a note. */
  static void deleteWithEntries(Writing w) throws SQLException, RowNotFoundException {
    Account account = any(w);
    Entry entry = EntryWrites.insert(w, account);
    EntryWrites.insertNote(w, entry);
    delete(w, account);
  }

  /** Deletes an account that another names as its parent. */
  static void deleteParent(Writing w) throws SQLException, RowNotFoundException {
    Account account = any(w);
    insert(w, account.id(), "south");
    delete(w, account);
  }

  /** Deletes an account. Its entries and notes go too; its children lose their parent. */
  static void delete(Writing w, Account account) throws SQLException, RowNotFoundException {
    w.change(account, "DELETE FROM account WHERE id = ?", account.id());
    Draft draft = w.draft();
    draft.rows(Account.class).stream()
        .filter(child -> child.parent() == account.id())
        .forEach(child -> draft.write(child.withoutParent()));
    for (Entry entry : entriesOf(draft, account)) {
      EntryWrites.notesOf(draft, entry).forEach(draft::remove);
      draft.remove(entry);
    }
    draft.remove(account);
  }

  /** Moves an account with its entries and notes to a neighbour, or one moved before back. */
  static void moveTenant(Writing w, String neighbour) throws SQLException, RowNotFoundException {
    List<Account> given = w.given(Account.class);
    if (!given.isEmpty() && w.coin()) {
      moveTo(w, w.anyOf(given), w.tenant());
      return;
    }
    List<Long> parents = w.own(Account.class).stream().map(Account::parent).toList();
    List<Account> childless =
        w.own(Account.class).stream().filter(account -> !parents.contains(account.id())).toList();
    Account account = childless.isEmpty() ? insert(w, 0, "north") : w.anyOf(childless);
    if (w.coin()) {
      EntryWrites.insertNote(w, EntryWrites.insert(w, account));
    }
    moveTo(w, account, neighbour);
    if (w.coin()) {
      // the row in the table without a tenant column comes under a parent that has just moved
      EntryWrites.insert(w, account.of(neighbour, account.mark()));
    }
  }

  private static void moveTo(Writing w, Account old, String tenant)
      throws SQLException, RowNotFoundException {
    Account account = old.of(tenant, w.mark());
    w.change(
        old,
        "UPDATE account SET tenant_id = ?, parent_id = NULL, payload = ?, mark = ? WHERE id = ?",
        tenant,
        OddValues.payload(account.mark()),
        account.mark(),
        account.id());
    Draft draft = w.draft();
    for (Entry entry : entriesOf(draft, old)) {
      EntryWrites.notesOf(draft, entry).forEach(note -> draft.replace(note, note.of(tenant)));
      draft.replace(entry, entry.of(tenant));
    }
    draft.replace(old, account);
  }

  private static List<Entry> entriesOf(Draft draft, Account account) {
    return draft.rows(Entry.class).stream()
        .filter(entry -> entry.account() == account.id())
        .toList();
  }

  private static Object[] values(Account account) {
    String mark = account.mark();
    return new Object[] {
      account.tenant(),
      account.code(),
      account.parent(),
      account.region(),
      OddValues.number(mark),
      OddValues.instant(mark),
      OddValues.array(mark),
      OddValues.bytes(mark),
      OddValues.document(mark),
      OddValues.payload(mark),
      mark
    };
  }

  private static Object[] withId(Account account) {
    Object[] values = values(account);
    Object[] all = new Object[values.length + 1];
    all[0] = account.id();
    System.arraycopy(values, 0, all, 1, values.length);
    return all;
  }
}
