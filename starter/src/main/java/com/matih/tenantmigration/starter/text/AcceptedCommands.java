package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.starter.state.Moment;
import com.matih.tenantmigration.workflow.report.AcceptedCommand;
import java.util.List;
import java.util.Locale;

/** Operators' commands in words. */
final class AcceptedCommands {

  private AcceptedCommands() {}

  /** {@code paused by dana: lunch}. */
  static String told(AcceptedCommand wish) {
    String what =
        switch (wish.kind()) {
          case APPROVAL -> "approved";
          case PAUSE -> "paused";
          case RESUME -> "resumed";
          case CANCEL -> "cancel requested";
          case THROTTLE -> "throttle changed";
          case LEFT_OUT -> "more commands";
          case REPAIR -> "repair requested";
        };
    return what + " " + whoAndWhy(wish);
  }

  /** {@code by dana: lunch}. */
  static String whoAndWhy(AcceptedCommand wish) {
    return "by " + who(wish) + (wish.reason() == null ? "" : ": " + plain(wish.reason()));
  }

  /** Each with its moment, its phase, who asked and why. */
  static TextTable table(List<AcceptedCommand> wishes) {
    TextTable table = new TextTable("at", "phase", "command", "by", "reason");
    for (AcceptedCommand wish : wishes) {
      table.row(
          Moment.of(wish.at()),
          wish.phase(),
          wish.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
          who(wish),
          wish.reason() == null ? "" : wish.reason());
    }
    return table;
  }

  private static String who(AcceptedCommand wish) {
    return wish.kind() == AcceptedCommand.Kind.LEFT_OUT
        ? "several"
        : wish.by() == null ? "an operator" : plain(wish.by());
  }

  /** What people wrote, in one line. */
  private static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
