package com.matih.tenantmigration.starter.layout;

import com.matih.tenantmigration.workflow.report.Units;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Rows in columns that are as wide as their widest cell; numbers stand to the right. */
public final class TextTable {

  private static final String GAP = "  ";

  /** A narrower last column is left to the terminal to break. */
  private static final int LEAST_ROOM = 24;

  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  public TextTable(String... header) {
    this.header = List.of(header);
  }

  /** Adds a row with as many cells as the header has. */
  public TextTable row(Object... cells) {
    if (cells.length != header.size()) {
      throw new IllegalArgumentException("a row of %d cells".formatted(cells.length));
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      // a control sign in a name would break the table, or the terminal
      row.add(
          (cell instanceof Number number ? Units.count(number.longValue()) : cell.toString())
              .replaceAll("\\p{Cntrl}+", " "));
    }
    rows.add(Collections.unmodifiableList(row));
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  public List<String> header() {
    return header;
  }

  public List<List<String>> rows() {
    return Collections.unmodifiableList(rows);
  }

  /** Whether a column holds nothing but numbers, so that it stands to the right. */
  public boolean isNumeric(int column) {
    return rows.stream().anyMatch(row -> !row.get(column).isEmpty())
        && rows.stream().allMatch(row -> row.get(column).matches("[\\d,.]*"));
  }

  /** The table in Markdown. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    appendMarkdown(text, header);
    text.append('|');
    for (int column = 0; column < header.size(); column++) {
      text.append(isNumeric(column) ? " ---: |" : " --- |");
    }
    text.append('\n');
    rows.forEach(row -> appendMarkdown(text, row));
    return text.toString();
  }

  private static void appendMarkdown(StringBuilder text, List<String> row) {
    text.append('|');
    row.forEach(cell -> text.append(' ').append(Markdown.escape(cell)).append(" |"));
    text.append('\n');
  }

  /** The table's lines, each indented and ended by a line feed. */
  @Override
  public String toString() {
    return text(Integer.MAX_VALUE);
  }

  /**
   * The same for a screen.
   *
   * @param columns how many signs a line may have; a longer last cell goes on below itself
   */
  public String text(int columns) {
    int[] widths = new int[header.size()];
    boolean[] numbers = new boolean[header.size()];
    for (int column = 0; column < widths.length; column++) {
      int at = column;
      numbers[column] = isNumeric(column);
      widths[column] =
          Math.max(
              header.get(column).length(),
              rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
    }
    int last = widths.length - 1;
    int begin = Arrays.stream(widths, 0, last).sum() + GAP.length() * widths.length;
    int room = columns - begin < LEAST_ROOM ? Integer.MAX_VALUE : columns - begin;
    widths[last] = Math.min(widths[last], room);
    StringBuilder text = new StringBuilder();
    append(text, header, widths, numbers);
    for (List<String> row : rows) {
      List<String> cell = Wrapped.lines(row.get(last), room);
      List<String> first = new ArrayList<>(row);
      first.set(last, cell.get(0));
      append(text, first, widths, numbers);
      cell.stream()
          .skip(1)
          .forEach(rest -> text.append(" ".repeat(begin)).append(rest).append('\n'));
    }
    return text.toString();
  }

  private static void append(
      StringBuilder text, List<String> row, int[] widths, boolean[] numbers) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String padding = " ".repeat(widths[column] - row.get(column).length());
      line.append(GAP)
          .append(numbers[column] ? padding + row.get(column) : row.get(column) + padding);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
