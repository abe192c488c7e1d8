package com.matih.tenantmigration.starter.layout;

import com.matih.tenantmigration.workflow.report.Units;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Rows in columns that are as wide as their widest cell; numbers stand to the right. */
public final class TextTable {

  private static final String GAP = "  ";
  private static final String BELOW = GAP.repeat(3);

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

  /** The same for a screen that shows no colours. */
  public String text(int columns) {
    return text(columns, Colours.OFF);
  }

  /** The same for a screen. */
  public String text(Screen screen) {
    return text(screen.columns(), screen.colours());
  }

  /**
   * The same for a screen.
   *
   * @param columns how many characters a line may have; a longer cell goes on below itself, broken
   *     between words, and a last cell that has no room below its row
   * @param colours those of the words that say how something ended
   */
  public String text(int columns, Colours colours) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(header);
    lines.addAll(rows);
    boolean below = header.size() > 1 && ColumnWidths.isLastBelow(lines, columns, GAP.length());
    int beside = header.size() - (below ? 1 : 0);
    lines.replaceAll(line -> line.subList(0, beside));
    int[] widths = ColumnWidths.of(lines, columns - GAP.length() * beside);
    boolean[] numbers = new boolean[beside];
    for (int column = 0; column < beside; column++) {
      numbers[column] = isNumeric(column);
    }
    StringBuilder text = new StringBuilder();
    append(text, lines.get(0), widths, numbers, Colours.OFF);
    for (int row = 0; row < rows.size(); row++) {
      append(text, lines.get(row + 1), widths, numbers, colours);
      String last = rows.get(row).get(header.size() - 1);
      if (below && !last.isEmpty()) {
        text.append(Wrapped.behind(BELOW, last, columns));
      }
    }
    return text.toString();
  }

  private static void append(
      StringBuilder text, List<String> row, int[] widths, boolean[] numbers, Colours colours) {
    List<List<String>> cells = new ArrayList<>();
    for (int column = 0; column < widths.length; column++) {
      cells.add(Wrapped.lines(row.get(column), Math.max(1, widths[column])));
    }
    int height = cells.stream().mapToInt(List::size).max().orElse(1);
    for (int below = 0; below < height; below++) {
      StringBuilder line = new StringBuilder();
      int written = 0;
      for (int column = 0; column < widths.length; column++) {
        List<String> cell = cells.get(column);
        String part = below < cell.size() ? cell.get(below) : "";
        // what is empty to the right of the last word is left out
        String padding = " ".repeat(widths[column] - part.length());
        line.append(GAP).append(numbers[column] ? padding : "");
        line.append(colours.ofWord(row.get(column)).apply(part));
        written = part.isEmpty() ? written : line.length();
        line.append(numbers[column] ? "" : padding);
      }
      text.append(line, 0, written).append('\n');
    }
  }
}
