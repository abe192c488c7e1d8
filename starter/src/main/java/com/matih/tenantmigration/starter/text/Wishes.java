package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.workflow.report.Wish;
import java.util.List;
import java.util.Locale;

/** What operators asked for, in words. */
final class Wishes {

  private Wishes() {}

  /** {@code paused by dana: lunch}. */
  static String told(Wish wish) {
    String what =
        switch (wish.kind()) {
          case APPROVAL -> "approved";
          case PAUSE -> "paused";
          case RESUME -> "resumed";
          case CANCEL -> "cancel asked for";
          case LEFT_OUT -> "commands left out";
          case REPAIR -> "repair asked for";
        };
    return what + " " + whoAndWhy(wish);
  }

  /** {@code by dana: lunch}. */
  static String whoAndWhy(Wish wish) {
    return "by " + who(wish) + (wish.reason() == null ? "" : ": " + plain(wish.reason()));
  }

  /** Each with its moment, its phase, who asked and why. */
  static TextTable table(List<Wish> wishes) {
    TextTable table = new TextTable("at", "phase", "asked for", "by", "reason");
    for (Wish wish : wishes) {
      table.row(
          Facts.moment(wish.at()),
          wish.phase(),
          wish.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
          who(wish),
          wish.reason() == null ? "" : wish.reason());
    }
    return table;
  }

  private static String who(Wish wish) {
    return wish.kind() == Wish.Kind.LEFT_OUT
        ? "several"
        : wish.by() == null ? "an operator" : plain(wish.by());
  }

  /** What people wrote, in one line. */
  private static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
