package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key's pattern, such as {@code query:{id}}, whose columns a row fills in. A doubled brace is one
 * of the key itself.
 */
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
      String column = matcher.group(1);
      String value = column == null ? matcher.group().substring(1) : row.get(column);
      if (value == null) {
        return Optional.empty();
      }
      matcher.appendReplacement(key, Matcher.quoteReplacement(value));
    }
    return Optional.of(matcher.appendTail(key).toString());
  }

  /** Matches every key that a row can give, and maybe others. */
  Pattern matching() {
    Matcher matcher = RedisSpec.Loader.COLUMN.matcher(text);
    StringBuilder keys = new StringBuilder();
    int from = 0;
    while (matcher.find()) {
      keys.append(Pattern.quote(text.substring(from, matcher.start())));
      keys.append(matcher.group(1) == null ? Pattern.quote(matcher.group().substring(1)) : ".*");
      from = matcher.end();
    }
    return Pattern.compile(keys + Pattern.quote(text.substring(from)), Pattern.DOTALL);
  }
}
