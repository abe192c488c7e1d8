package com.matih.tenantmigration.embedded.workload;

import com.matih.tenantmigration.embedded.workload.ModelRow.Account;
import com.matih.tenantmigration.embedded.workload.ModelRow.Entry;
import com.matih.tenantmigration.embedded.workload.ModelRow.Note;
import com.matih.tenantmigration.embedded.workload.Writing.RowNotFoundException;
import com.matih.tenantmigration.embedded.workload.values.OddValues;
import java.sql.SQLException;
import java.util.List;

/** What is done to entries and their notes, which have no tenant column. */
final class EntryWrites {

  private EntryWrites() {}

  static Entry insert(Writing w, Account account) throws SQLException {
    String mark = w.mark();
    long id =
        w.number(
            "INSERT INTO entry (account_id, payload, mark) VALUES (?, ?, ?) RETURNING id",
            account.id(),
            OddValues.payload(mark),
            mark);
    Entry entry = new Entry(account.tenant(), id, account.id(), mark);
    w.draft().write(entry);
    return entry;
  }

  static Entry any(Writing w) throws SQLException {
    List<Entry> own = w.own(Entry.class);
    return own.isEmpty() ? insert(w, AccountWrites.any(w)) : w.anyOf(own);
  }

  static void update(Writing w, Entry old) throws SQLException, RowNotFoundException {
    moveTo(w, old, old.account());
  }

  /** An entry moves to another account. */
  static void reparent(Writing w) throws SQLException, RowNotFoundException {
    moveTo(w, any(w), AccountWrites.any(w).id());
  }

  private static void moveTo(Writing w, Entry old, long account)
      throws SQLException, RowNotFoundException {
    Entry entry = new Entry(old.tenant(), old.id(), account, w.mark());
    w.change(
        old,
        "UPDATE entry SET account_id = ?, payload = ?, mark = ? WHERE id = ?",
        account,
        OddValues.payload(entry.mark()),
        entry.mark(),
        entry.id());
    w.draft().write(entry);
  }

  static void delete(Writing w, Entry entry) throws SQLException, RowNotFoundException {
    w.change(entry, "DELETE FROM entry WHERE id = ?", entry.id());
    notesOf(w.draft(), entry).forEach(w.draft()::remove);
    w.draft().remove(entry);
  }

  static Note insertNote(Writing w, Entry entry) throws SQLException {
    int number = 1 + notesOf(w.draft(), entry).stream().mapToInt(Note::number).max().orElse(0);
    Note note = new Note(entry.tenant(), entry.id(), number, w.mark());
    w.execute(
        "INSERT INTO entry_note (entry_id, number, payload, mark) VALUES (?, ?, ?, ?)",
        note.entry(),
        note.number(),
        OddValues.payload(note.mark()),
        note.mark());
    w.draft().write(note);
    return note;
  }

  static Note anyNote(Writing w) throws SQLException {
    List<Note> own = w.own(Note.class);
    return own.isEmpty() ? insertNote(w, any(w)) : w.anyOf(own);
  }

  static void updateNote(Writing w, Note old) throws SQLException, RowNotFoundException {
    Note note = new Note(old.tenant(), old.entry(), old.number(), w.mark());
    w.change(
        old,
        "UPDATE entry_note SET payload = ?, mark = ? WHERE entry_id = ? AND number = ?",
        OddValues.payload(note.mark()),
        note.mark(),
        note.entry(),
        note.number());
    w.draft().write(note);
  }

  static void deleteNote(Writing w, Note note) throws SQLException, RowNotFoundException {
    w.change(
        note,
        "DELETE FROM entry_note WHERE entry_id = ? AND number = ?",
        note.entry(),
        note.number());
    w.draft().remove(note);
  }

  static List<Note> notesOf(Draft draft, Entry entry) {
    return draft.rows(Note.class).stream().filter(note -> note.entry() == entry.id()).toList();
  }
}
