package com.matih.tenantmigration.starter.layout;

import java.util.Arrays;
import java.util.List;

/**
 * How wide the columns of a table are: as wide as their widest cell, or where that is too much for
 * the screen, the widest ones narrowed to the same width, but not below their longest word.
 */
final class ColumnWidths {

  /** A longer word, such as an address, is broken before a shorter one so that the table fits. */
  private static final int LONGEST_WORD = 40;

  private static final int LEAST = 8;
  private static final int LEAST_LAST = 24;
  private static final int SHORT = 30;

  private ColumnWidths() {}

  /**
   * The widths.
   *
   * @param lines the header and all rows
   * @param room how many characters all columns may have together
   */
  static int[] of(List<List<String>> lines, int room) {
    int columns = lines.get(0).size();
    int[] wanted = new int[columns];
    int[] words = new int[columns];
    for (List<String> line : lines) {
      for (int column = 0; column < columns; column++) {
        String cell = line.get(column);
        wanted[column] = Math.max(wanted[column], cell.length());
        words[column] = Math.max(words[column], longestWord(cell));
      }
    }
    if (Arrays.stream(wanted).sum() <= room) {
      return wanted;
    }
    int[] least = words;
    for (int longest = LONGEST_WORD; Arrays.stream(least).sum() > room; longest--) {
      if (longest < LEAST) {
        return least;
      }
      int most = longest;
      least = Arrays.stream(words).map(word -> Math.min(word, most)).toArray();
    }
    return levelled(wanted, least, room);
  }

  /**
   * Whether the last column would get so little beside others of a word or two that it is better
   * written below them.
   */
  static boolean isLastBelow(List<List<String>> lines, int columns, int gap) {
    int last = lines.get(0).size() - 1;
    int others = gap;
    for (int column = 0; column < last; column++) {
      int wanted = longest(lines, column);
      if (wanted > SHORT) {
        return false;
      }
      others += gap + wanted;
    }
    return others + Math.min(longest(lines, last), LEAST_LAST) > columns && others <= columns;
  }

  private static int longest(List<List<String>> lines, int column) {
    return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
  }

  private static int longestWord(String cell) {
    return Arrays.stream(cell.split(" ")).mapToInt(String::length).max().orElse(0);
  }

  /** The widest level at which all columns together have room, and what is left of it. */
  private static int[] levelled(int[] wanted, int[] least, int room) {
    int level = 0;
    while (sum(wanted, least, level + 1) <= room) {
      level++;
    }
    int[] widths = new int[wanted.length];
    int left = room - sum(wanted, least, level);
    for (int column = 0; column < widths.length; column++) {
      widths[column] = width(wanted[column], least[column], level);
      if (left > 0 && widths[column] < wanted[column] && widths[column] == level) {
        widths[column]++;
        left--;
      }
    }
    return widths;
  }

  private static int sum(int[] wanted, int[] least, int level) {
    int sum = 0;
    for (int column = 0; column < wanted.length; column++) {
      sum += width(wanted[column], least[column], level);
    }
    return sum;
  }

  private static int width(int wanted, int least, int level) {
    return Math.min(wanted, Math.max(least, level));
  }
}
