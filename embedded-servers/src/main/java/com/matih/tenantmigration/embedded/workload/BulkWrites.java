package com.matih.tenantmigration.embedded.workload;

import com.matih.tenantmigration.embedded.workload.ModelRow.Line;
import com.matih.tenantmigration.embedded.workload.ModelRow.Ticket;
import com.matih.tenantmigration.embedded.workload.Writing.RowNotFoundException;
import com.matih.tenantmigration.embedded.workload.values.OddValues;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;

/** Many rows at once: COPY, and the statement that removes many. */
final class BulkWrites {

  private static final int FEWEST = 10;
  private static final int MOST = 40;

  private BulkWrites() {}

  static void copy(Writing w) throws SQLException {
    if (w.coin()) {
      copyTickets(w);
    } else {
      copyLines(w);
    }
  }

  private static void copyTickets(Writing w) throws SQLException {
    StringBuilder text = new StringBuilder();
    for (long id : ids(w, FEWEST + w.below(MOST - FEWEST + 1))) {
      String mark = w.mark();
      Ticket ticket = new Ticket(w.tenant(), id, TicketWrites.phase(w), w.below(100), mark);
      line(
          text,
          Optional.of(ticket.tenant()),
          Optional.of(ticket.key()),
          Optional.of(ticket.phase()),
          Optional.of(String.valueOf(ticket.day())),
          OddValues.payload(mark),
          Optional.of(mark));
      w.draft().write(ticket);
    }
    copyIn(w, "COPY ticket (tenant_id, id, state, day, payload, mark) FROM STDIN", text);
  }

  private static void copyLines(Writing w) throws SQLException {
    StringBuilder text = new StringBuilder();
    int rows = FEWEST + w.below(MOST - FEWEST + 1);
    for (int i = 0; i < rows; i++) {
      String mark = w.mark();
      Line row = new Line(w.tenant(), "line-" + mark, mark);
      line(
          text,
          Optional.of(row.tenant()),
          Optional.of(row.line()),
          OddValues.payload(mark),
          Optional.of(mark));
      w.draft().write(row);
    }
    copyIn(w, "COPY audit_line (tenant_id, line, payload, mark) FROM STDIN", text);
  }

  /** Deletes half of the session's tickets in one statement. */
  static void deleteTickets(Writing w) throws SQLException, RowNotFoundException {
    List<Ticket> own = w.own(Ticket.class);
    List<Ticket> half = own.subList(0, own.size() / 2);
    Array ids = w.connection().createArrayOf("int8", half.stream().map(Ticket::id).toArray());
    int found = w.update("DELETE FROM ticket WHERE id = ANY (?)", ids);
    if (found != half.size()) {
      throw new RowNotFoundException(half.get(0), found);
    }
    half.forEach(w.draft()::remove);
  }

  /** Deletes half of the session's rows of the table without a primary key in one statement. */
  static void deleteLines(Writing w) throws SQLException, RowNotFoundException {
    List<Line> own = w.own(Line.class);
    List<Line> half = own.subList(0, own.size() / 2);
    Array lines = w.connection().createArrayOf("text", half.stream().map(Line::line).toArray());
    int found = w.update("DELETE FROM audit_line WHERE line = ANY (?)", lines);
    if (found != half.size()) {
      throw new RowNotFoundException(half.get(0), found);
    }
    half.forEach(w.draft()::remove);
  }

  private static List<Long> ids(Writing w, int count) throws SQLException {
    try (PreparedStatement statement =
        w.connection()
            .prepareStatement(
                "SELECT nextval(pg_get_serial_sequence('ticket', 'id'))"
                    + " FROM generate_series(1, ?)")) {
      statement.setInt(1, count);
      try (ResultSet rows = statement.executeQuery()) {
        List<Long> ids = new ArrayList<>();
        while (rows.next()) {
          ids.add(rows.getLong(1));
        }
        return ids;
      }
    }
  }

  private static void copyIn(Writing w, String sql, StringBuilder text) throws SQLException {
    try {
      long unused =
          w.connection()
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn(sql, new StringReader(text.toString()));
    } catch (IOException e) {
      throw new SQLException("The connection was lost in COPY", "08006", e);
    }
  }

  @SafeVarargs
  private static void line(StringBuilder text, Optional<String>... values) {
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : "\t").append(values[i].map(BulkWrites::escape).orElse("\\N"));
    }
    text.append('\n');
  }

  private static String escape(String value) {
    return value
        .replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }
}
