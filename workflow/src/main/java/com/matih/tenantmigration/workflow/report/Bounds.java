package com.matih.tenantmigration.workflow.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Keeps what is told about one store readable, and small enough for Temporal, which takes no answer
 * of more than 2 MB.
 */
final class Bounds {

  static final int LONGEST_TEXT = 2_048;
  static final int MOST_ENTRIES = 200;

  /** Of all entries of a list together, in UTF-8. */
  static final int MOST_BYTES = 96 * 1024;

  private Bounds() {}

  static String text(String text) {
    if (text.length() <= LONGEST_TEXT) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? -1 : 0;
    return text.substring(0, LONGEST_TEXT + end) + "…";
  }

  /** What stands in the place of a name for so many that are left out. */
  static String more(int count, String what) {
    return "and %,d more %s".formatted(count, what);
  }

  /**
   * The first entries, bounded by bytes alone.
   *
   * @param texts an entry's text
   * @param together what stands for all that are left out
   */
  static <T> List<T> firstBytes(
      List<T> entries, Function<T, String> texts, Function<List<T>, T> together) {
    int bytes = 0;
    for (int i = 0; i < entries.size(); i++) {
      bytes += texts.apply(entries.get(i)).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MOST_BYTES) {
        List<T> first = new ArrayList<>(entries.subList(0, i));
        first.add(together.apply(entries.subList(i, entries.size())));
        return List.copyOf(first);
      }
    }
    return List.copyOf(entries);
  }

  /**
   * The first entries, as many as their texts leave room for.
   *
   * @param together what stands for all that are left out
   */
  static <T> List<T> first(List<T> entries, Function<List<T>, T> together) {
    List<T> first = new ArrayList<>();
    int bytes = 0;
    for (T entry : entries) {
      bytes += entry.toString().getBytes(StandardCharsets.UTF_8).length;
      if (first.size() == MOST_ENTRIES || bytes > MOST_BYTES) {
        first.add(together.apply(entries.subList(first.size(), entries.size())));
        return List.copyOf(first);
      }
      first.add(entry);
    }
    return List.copyOf(first);
  }
}
