package com.matih.tenantmigration.activities.redis.loaders;

import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key's pattern, such as {@code query:{id}}, whose columns a row fills in. A doubled brace is one
 * of the key itself.
 */
public final class KeyPattern {

  private final String text;

  public KeyPattern(String text) {
    this.text = text;
  }

  /**
   * A row's key; empty where one of its columns is NULL.
   *
   * @throws MigrationException of type BAD_REQUEST where one of them is {@code bytea}
   */
  public Optional<String> render(Map<String, DedicatedRows.Value> row) {
    Matcher matcher = RedisSpec.Loader.COLUMN.matcher(text);
    StringBuilder key = new StringBuilder();
    while (matcher.find()) {
      String column = matcher.group(1);
      if (column == null) {
        matcher.appendReplacement(key, Matcher.quoteReplacement(matcher.group().substring(1)));
        continue;
      }
      DedicatedRows.Value value = row.get(column);
      if (value == null) {
        return Optional.empty();
      }
      if (value.isBinary()) {
        throw new MigrationException(
            FailureType.BAD_REQUEST,
            ("The column %s in the key of the loader %s is bytea, and a key is text. Have its query"
                    + " return encode(%1$s, 'hex') or another text.")
                .formatted(column, text));
      }
      matcher.appendReplacement(key, Matcher.quoteReplacement(value.text()));
    }
    return Optional.of(matcher.appendTail(key).toString());
  }

  /**
   * Matches every key that a row can give, and maybe others.
   *
   * @param texts for a column, a regular expression that matches the texts of all its values
   */
  public Pattern matching(Map<String, String> texts) {
    Matcher matcher = RedisSpec.Loader.COLUMN.matcher(text);
    StringBuilder keys = new StringBuilder();
    int from = 0;
    while (matcher.find()) {
      keys.append(Pattern.quote(text.substring(from, matcher.start())));
      String column = matcher.group(1);
      keys.append(
          column == null
              ? Pattern.quote(matcher.group().substring(1))
              : "(?:%s)".formatted(texts.getOrDefault(column, ".*")));
      from = matcher.end();
    }
    return Pattern.compile(keys + Pattern.quote(text.substring(from)), Pattern.DOTALL);
  }
}
