package com.matih.tenantmigration.starter.layout;

import java.util.ArrayList;
import java.util.List;

/** Text that is broken between words. */
public final class Wrapped {

  private Wrapped() {}

  /** The lines, each of so many signs at most; a longer word is broken where the line ends. */
  public static List<String> lines(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space > 0 ? space : width;
      lines.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
  }
}
