package com.matih.tenantmigration.starter.layout;

import java.util.Map;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Help.Ansi.Style;

/** The colours of a terminal, or none. */
public enum Colours {
  OFF,
  ON;

  private static final Map<String, Style> WORDS =
      Map.ofEntries(
          Map.entry("PASSED", Style.fg_green),
          Map.entry("COMPLETED", Style.fg_green),
          Map.entry("yes", Style.fg_green),
          Map.entry("FAILED", Style.fg_red),
          Map.entry("failed", Style.fg_red),
          Map.entry("ROLLBACK_INCOMPLETE", Style.fg_red),
          Map.entry("TERMINATED", Style.fg_red),
          Map.entry("NO", Style.fg_red),
          Map.entry("SKIPPED", Style.fg_yellow),
          Map.entry("REFUSED", Style.fg_yellow),
          Map.entry("ROLLED_BACK", Style.fg_yellow));

  /** As it should be. */
  public String good(String text) {
    return in(Style.fg_green, text);
  }

  /** What somebody has to look at. */
  public String warning(String text) {
    return in(Style.fg_yellow, text);
  }

  /** What failed. */
  public String bad(String text) {
    return in(Style.fg_red, text);
  }

  /** What is read first. */
  public String strong(String text) {
    return in(Style.bold, text);
  }

  /** The colour of a word that by itself says how something ended; other words have none. */
  UnaryOperator<String> ofWord(String word) {
    Style style = WORDS.get(word);
    return style == null ? text -> text : text -> in(style, text);
  }

  private String in(Style style, String text) {
    return switch (this) {
      case OFF -> text;
      // what ends bold alone begins a double underline on many terminals
      case ON -> text.isEmpty() ? text : style.on() + text + Style.reset.on();
    };
  }
}
