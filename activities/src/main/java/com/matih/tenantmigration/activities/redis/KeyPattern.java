package com.matih.tenantmigration.activities.redis;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A key's pattern, such as {@code query:{id}}, whose columns a row fills in. */
final class KeyPattern {

  private static final Pattern COLUMN = Pattern.compile("\\{([^{}]+)}");

  private final String text;

  KeyPattern(String text) {
    this.text = text;
  }

  /** The columns that the pattern names, in their order. */
  Set<String> columns() {
    Set<String> columns = new LinkedHashSet<>();
    Matcher matcher = COLUMN.matcher(text);
    while (matcher.find()) {
      columns.add(matcher.group(1));
    }
    return columns;
  }

  /** A row's key; empty where one of its columns is NULL. */
  Optional<String> render(Map<String, String> row) {
    Matcher matcher = COLUMN.matcher(text);
    StringBuilder key = new StringBuilder();
    while (matcher.find()) {
      String value = row.get(matcher.group(1));
      if (value == null) {
        return Optional.empty();
      }
      matcher.appendReplacement(key, Matcher.quoteReplacement(value));
    }
    return Optional.of(matcher.appendTail(key).toString());
  }
}
