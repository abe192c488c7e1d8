package com.matih.tenantmigration.starter.html;

import com.matih.tenantmigration.starter.layout.TextTable;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Pieces of a page; every text in them is escaped. */
final class Html {

  private static final Set<String> GOOD = Set.of("PASSED", "DONE", "yes");
  private static final Set<String> BAD = Set.of("FAILED", "NO");
  private static final Set<String> NEUTRAL = Set.of("SKIPPED", "NOT_NEEDED");

  private Html() {}

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** A table that scrolls by itself where the screen is narrow; statuses are marked. */
  static String table(TextTable table) {
    StringBuilder html = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr>");
    for (int column = 0; column < table.header().size(); column++) {
      html.append("<th%s>".formatted(table.isNumeric(column) ? " class=\"number\"" : ""))
          .append(escape(table.header().get(column)))
          .append("</th>");
    }
    html.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : table.rows()) {
      html.append("<tr>");
      for (int column = 0; column < row.size(); column++) {
        html.append(cell(table.header().get(column), row.get(column), table.isNumeric(column)));
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div>\n").toString();
  }

  /** Each cell knows its column's name, for screens on which a row becomes a card. */
  private static String cell(String column, String text, boolean number) {
    String kind = kind(text);
    String content =
        kind.isEmpty()
            ? escape(text)
            : "<span class=\"mark %s\">%s</span>".formatted(kind, escape(words(text)));
    return "<td%s data-column=\"%s\">%s</td>"
        .formatted(number ? " class=\"number\"" : "", escape(column), content);
  }

  private static String kind(String text) {
    if (GOOD.contains(text)) {
      return "good";
    }
    if (BAD.contains(text)) {
      return "bad";
    }
    return NEUTRAL.contains(text) ? "neutral" : "";
  }

  private static String words(String status) {
    return status.toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
