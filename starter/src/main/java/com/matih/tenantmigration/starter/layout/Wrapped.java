package com.matih.tenantmigration.starter.layout;

import java.util.ArrayList;
import java.util.List;

/** Text that is broken between words. */
public final class Wrapped {

  /** After these a word that fits into no line is broken rather than anywhere. */
  private static final String JOINTS = "/_.,:;=&?-";

  private Wrapped() {}

  /**
   * The lines, each of so many characters at most; a longer word is broken behind a joint such as a
   * slash or a dot, or else where the line ends.
   */
  public static List<String> lines(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space > 0 && !rest.substring(0, space).isBlank() ? space : joint(rest, width);
      lines.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
  }

  private static int joint(String word, int width) {
    for (int end = width; end > width / 2; end--) {
      if (JOINTS.indexOf(word.charAt(end - 1)) >= 0) {
        return end;
      }
    }
    return width;
  }

  /**
   * A line that goes on below itself, each ended by a line feed.
   *
   * @param head what stands before the text and, as spaces, before what goes on
   */
  public static String behind(String head, String text, int columns) {
    int room = Math.max(LEAST, columns - head.length());
    StringBuilder all = new StringBuilder();
    String before = head;
    for (String line : lines(text, room)) {
      all.append((before + line).stripTrailing()).append('\n');
      before = " ".repeat(head.length());
    }
    return all.toString();
  }

  private static final int LEAST = 16;
}
