package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tenant's cache, which is warmed from the dedicated database and never copied. */
public record RedisSpec(Source source, Target target, List<Loader> warm) implements StoreSpec {

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  public RedisSpec {
    warm = warm == null ? List.of() : List.copyOf(warm);
  }

  /**
   * The shared cache, read for which keys are hot and how long they had to live, never for values.
   *
   * @param uri may hold secret references
   * @param keyPrefix what the shared cache puts before the tenant's keys
   */
  public record Source(String uri, String keyPrefix) {
    @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
    public Source {
      keyPrefix = keyPrefix == null ? "" : keyPrefix;
    }
  }

  /**
   * The dedicated cache.
   *
   * @param uri may hold secret references
   */
  public record Target(String uri) {}

  /**
   * How one kind of key is warmed.
   *
   * @param key the key's pattern; {@code {column}} is replaced by the row's value, and two braces
   *     stand for one, as a hash tag needs it
   * @param sql a query on the dedicated database
   * @param value the column that holds the value
   * @param ttl how long a key lives that the shared cache does not know
   */
  public record Loader(
      String key,
      String sql,
      String value,
      @JsonSerialize(using = ShortDuration.Serializer.class)
          @JsonDeserialize(using = ShortDuration.Deserializer.class)
          Duration ttl) {

    /** A column in the key's pattern, its name the first group; or a doubled brace, without one. */
    public static final Pattern COLUMN = Pattern.compile("\\{\\{|}}|\\{([^{}]+)}");

    /** The columns that the key's pattern names, in their order. */
    public Set<String> keyColumns() {
      Set<String> columns = new LinkedHashSet<>();
      Matcher matcher = COLUMN.matcher(key);
      while (matcher.find()) {
        if (matcher.group(1) != null) {
          columns.add(matcher.group(1));
        }
      }
      return columns;
    }

    /** All columns that a row must have. */
    public Set<String> columns() {
      Set<String> columns = keyColumns();
      columns.add(value);
      return columns;
    }
  }
}
