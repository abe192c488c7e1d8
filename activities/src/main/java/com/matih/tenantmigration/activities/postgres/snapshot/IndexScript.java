package com.matih.tenantmigration.activities.postgres.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells the statements of a script of {@code pg_restore} apart by the comment before each.
 *
 * <p>Names and expressions may hold the text of such a comment, so nothing is taken from a script
 * that does not have exactly one for each entry, in the list's order and with its name.
 */
final class IndexScript {

  private static final Pattern COMMENT =
      Pattern.compile(
          "(?:^|\n)--\n-- Name: ([^\n]+); Type: (INDEX|CONSTRAINT); Schema: [^\n]*\n--\n");

  private static final String END = "\n--\n-- PostgreSQL database dump complete\n--\n";

  /** The driver's sessions speak UTF-8, so a script in another encoding is left to the program. */
  private static final String ENCODING = "\nSET client_encoding = 'UTF8';\n";

  private IndexScript() {}

  /**
   * The statements.
   *
   * @param entries the entries' lines, a byte of the list a character
   * @return one for each entry, or none
   */
  static List<IndexStatement> statements(List<String> entries, byte[] script) {
    String text = new String(script, StandardCharsets.UTF_8);
    int end = text.lastIndexOf(END);
    if (!text.contains(ENCODING) || end < 0) {
      return List.of();
    }
    List<IndexStatement> statements = new ArrayList<>();
    Matcher comment = COMMENT.matcher(text).region(0, end);
    boolean isMore = comment.find();
    while (isMore) {
      if (statements.size() == entries.size()) {
        return List.of();
      }
      String name = comment.group(1);
      String kind = comment.group(2);
      int start = comment.end();
      isMore = comment.find();
      String sql = text.substring(start, isMore ? comment.start() : end).strip();
      String entry = entries.get(statements.size());
      if (!isOf(entry, kind, name)) {
        return List.of();
      }
      statements.add(new IndexStatement(ArchiveList.number(entry), kind + " " + name, sql));
    }
    return statements.size() == entries.size() ? statements : List.of();
  }

  private static boolean isOf(String entry, String kind, String name) {
    String line = new String(entry.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return line.contains(" " + kind + " ") && line.contains(" " + name + " ");
  }
}
