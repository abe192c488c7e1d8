package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;

/** A key's pattern, such as {@code query:{id}}, whose columns a row fills in. */
final class KeyPattern {

  private final String text;

  KeyPattern(String text) {
    this.text = text;
  }

  /** A row's key; empty where one of its columns is NULL. */
  Optional<String> render(Map<String, String> row) {
    Matcher matcher = RedisSpec.Loader.COLUMN.matcher(text);
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
