package com.matih.tenantmigration.embedded.workload;

import com.matih.tenantmigration.embedded.workload.ModelRow.Ticket;
import com.matih.tenantmigration.embedded.workload.Writing.RowNotFoundException;
import com.matih.tenantmigration.embedded.workload.values.OddValues;
import java.sql.SQLException;
import java.util.List;

/** What is done to tickets, which move between partitions. */
final class TicketWrites {

  private static final int DAYS = 100;

  private TicketWrites() {}

  static Ticket insert(Writing w) throws SQLException {
    String mark = w.mark();
    String phase = phase(w);
    int day = w.below(DAYS);
    long id =
        w.number(
            "INSERT INTO ticket (tenant_id, state, day, payload, mark) VALUES (?, ?, ?, ?, ?)"
                + " RETURNING id",
            w.tenant(),
            phase,
            day,
            OddValues.payload(mark),
            mark);
    Ticket ticket = new Ticket(w.tenant(), id, phase, day, mark);
    w.draft().write(ticket);
    return ticket;
  }

  static Ticket any(Writing w) throws SQLException {
    List<Ticket> own = w.own(Ticket.class);
    return own.isEmpty() ? insert(w) : w.anyOf(own);
  }

  static void update(Writing w, Ticket old) throws SQLException, RowNotFoundException {
    moveTo(w, old, old.phase(), old.day());
  }

  static void move(Writing w) throws SQLException, RowNotFoundException {
    moveTo(w, any(w), phase(w), w.below(DAYS));
  }

  static void delete(Writing w, Ticket ticket) throws SQLException, RowNotFoundException {
    w.change(
        ticket,
        "DELETE FROM ticket WHERE id = ? AND state = ? AND day = ?",
        ticket.id(),
        ticket.phase(),
        ticket.day());
    w.draft().remove(ticket);
  }

  static String phase(Writing w) {
    return w.coin() ? "open" : "closed";
  }

  private static void moveTo(Writing w, Ticket old, String phase, int day)
      throws SQLException, RowNotFoundException {
    Ticket ticket = new Ticket(old.tenant(), old.id(), phase, day, w.mark());
    w.change(
        old,
        "UPDATE ticket SET state = ?, day = ?, payload = ?, mark = ? WHERE id = ?",
        phase,
        day,
        OddValues.payload(ticket.mark()),
        ticket.mark(),
        ticket.id());
    w.draft().write(ticket);
  }
}
