package com.matih.tenantmigration.activities.postgres.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server says about an error, reduced to what may leave the worker: names of objects, no
 * values of rows. A message of class 22 quotes the value that did not fit, a function's own message
 * may hold anything, and DETAIL is never read.
 */
public final class ServerWords {

  private static final Pattern QUOTED = Pattern.compile("[\"“„«].*[\"”“»]", Pattern.DOTALL);
  private static final Pattern QUOTING =
      Pattern.compile("(?i).*(invalid|out of range|malformed|cannot cast|could not convert).*");
  private static final Pattern FUNCTION =
      Pattern.compile("(?:PL/\\w+|SQL) function (\"[^\"]+\"|[^\\s(]+)");
  private static final Pattern COPY =
      Pattern.compile("COPY (\\S+), line (\\d+)(?:, column ([^:]+))?");

  private ServerWords() {}

  /**
   * An error as the server reports it in fields.
   *
   * @param where the server's CONTEXT, of which names alone are told
   */
  public record Report(
      @Nullable String state,
      @Nullable String message,
      @Nullable String schema,
      @Nullable String table,
      @Nullable String column,
      @Nullable String type,
      @Nullable String constraint,
      @Nullable String where) {}

  /** The server's message and what it is about, without values. */
  public static String tell(Report report) {
    String message = message(report);
    List<String> about = new ArrayList<>();
    name("table", qualified(report.schema(), report.table()), message, report.table(), about);
    name("column", report.column(), message, report.column(), about);
    name("type", report.type(), message, report.type(), about);
    name("constraint", report.constraint(), message, report.constraint(), about);
    place(report.where()).ifPresent(about::add);
    about.add("SQLSTATE " + (report.state() == null ? "unknown" : report.state()));
    return "%s (%s)".formatted(message, String.join(", ", about));
  }

  /** One line of a client program's output, without the values that the server quotes in it. */
  public static String withoutValues(String line) {
    return QUOTING.matcher(line).matches() ? QUOTED.matcher(line).replaceAll("…") : line;
  }

  /** Instead of a message that a function or a trigger of somebody's raised. */
  public static String raised(@Nullable String where) {
    return function(where)
        .map(name -> "function %s raised an error".formatted(name))
        .orElse("a function or trigger raised an error");
  }

  /** The function that a CONTEXT names. */
  private static Optional<String> function(@Nullable String where) {
    if (where == null) {
      return Optional.empty();
    }
    Matcher named = FUNCTION.matcher(where);
    return named.find() ? Optional.of(named.group(1)) : Optional.empty();
  }

  private static String message(Report report) {
    if (SqlStates.isRaisedByAFunction(report.state())) {
      return raised(report.where());
    }
    String message = report.message() == null ? "no message" : report.message();
    return SqlStates.quotesValues(report.state())
        ? QUOTED.matcher(message).replaceAll("…")
        : message;
  }

  private static void name(
      String kind,
      @Nullable String name,
      String message,
      @Nullable String inMessage,
      List<String> about) {
    if (name != null && inMessage != null && !message.contains("\"" + inMessage + "\"")) {
      about.add(kind + " " + name);
    }
  }

  private static @Nullable String qualified(@Nullable String schema, @Nullable String table) {
    return schema == null || table == null ? table : schema + "." + table;
  }

  /** Which row of a COPY, counted from 1, and which column. */
  private static Optional<String> place(@Nullable String where) {
    if (where == null) {
      return Optional.empty();
    }
    Matcher copy = COPY.matcher(where);
    if (!copy.find()) {
      return function(where).map(name -> "in function " + name);
    }
    String column = copy.group(3);
    return Optional.of(
        "row %s of the COPY into %s%s"
            .formatted(
                copy.group(2), copy.group(1), column == null ? "" : ", column " + column.strip()));
  }
}
