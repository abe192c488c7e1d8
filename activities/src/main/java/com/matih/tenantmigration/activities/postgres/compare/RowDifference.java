package com.matih.tenantmigration.activities.postgres.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells by its values how a row of a verification query differs: the first column that does, both
 * sides around the place where they part. The values are those that the request's own query asks
 * for; of no other check are values told.
 */
final class RowDifference {

  /** Both values together have some 200 characters. */
  private static final int LONGEST = 80;

  /** What is told of a long value before the place where it differs. */
  private static final int BEFORE = 20;

  private RowDifference() {}

  /**
   * The difference of two rows that are not equal.
   *
   * @param row its number, from 1 on
   * @param columns the labels of the answer's columns
   */
  static String of(
      long row,
      List<String> columns,
      List<@Nullable String> shared,
      List<@Nullable String> dedicated) {
    List<Integer> differing = new ArrayList<>();
    for (int column = 0; column < columns.size(); column++) {
      if (!Objects.equals(shared.get(column), dedicated.get(column))) {
        differing.add(column);
      }
    }
    int first = differing.get(0);
    String here = shared.get(first);
    String there = dedicated.get(first);
    int parting = parting(here, there);
    return "row %d of the answer differs: %s is %s on the shared side, %s on the dedicated side%s"
        .formatted(
            row,
            cut(columns.get(first), 0),
            value(here, parting),
            value(there, parting),
            differing.size() == 1 ? "" : ", and %d more differ".formatted(differing.size() - 1));
  }

  /** A row that only one side has. */
  static String extra(List<String> columns, List<@Nullable String> row) {
    StringBuilder text = new StringBuilder();
    for (int column = 0; column < columns.size() && text.length() < 2 * LONGEST; column++) {
      text.append(column == 0 ? "" : ", ")
          .append(cut(columns.get(column), 0))
          .append(" is ")
          .append(value(row.get(column), 0));
    }
    return text.toString();
  }

  private static int parting(@Nullable String here, @Nullable String there) {
    if (here == null || there == null) {
      return 0;
    }
    int at = 0;
    while (at < here.length() && at < there.length() && here.charAt(at) == there.charAt(at)) {
      at++;
    }
    return at;
  }

  private static String value(@Nullable String value, int parting) {
    return value == null ? "NULL" : "'" + cut(value, parting) + "'";
  }

  /** The part around a place, in one line. */
  private static String cut(String text, int place) {
    int begin = text.length() <= LONGEST ? 0 : Math.max(0, place - BEFORE);
    int end = Math.min(text.length(), begin + LONGEST);
    String part = text.substring(begin, end).replaceAll("\\p{Cntrl}+", " ");
    return (begin > 0 ? "…" : "") + part + (end < text.length() ? "…" : "");
  }
}
