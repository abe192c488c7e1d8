package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
   * @param caFile the file with the CAs that are trusted, or {@code null} for those of the JVM
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Source(String uri, String keyPrefix, @Nullable String caFile) {
    @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
    public Source {
      keyPrefix = keyPrefix == null ? "" : keyPrefix;
    }

    /** A cache whose certificate, if it has one, the JVM trusts. */
    public Source(String uri, String keyPrefix) {
      this(uri, keyPrefix, null);
    }
  }

  /**
   * The dedicated cache.
   *
   * @param uri may hold secret references
   * @param caFile as of the shared cache
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Target(String uri, @Nullable String caFile) {

    /** A cache whose certificate, if it has one, the JVM trusts. */
    public Target(String uri) {
      this(uri, null);
    }
  }

  /**
   * How one kind of key is warmed.
   *
   * @param key the key's pattern; {@code {column}} is replaced by the row's value, and two braces
   *     stand for one, as a hash tag needs it
   * @param type what the keys are
   * @param sql a query on the dedicated database
   * @param value the column that holds a string's value, a list's element, or the member of a set
   *     or a sorted set; null for a hash
   * @param fields the columns that become a hash's fields; none for all that the key does not name
   * @param score the column that holds a sorted set's score; null for all else
   * @param ttl how long a key lives that the shared cache does not know
   */
  public record Loader(
      String key,
      Type type,
      String sql,
      @Nullable String value,
      List<String> fields,
      @Nullable String score,
      @JsonSerialize(using = ShortDuration.Serializer.class)
          @JsonDeserialize(using = ShortDuration.Deserializer.class)
          Duration ttl) {

    /** A column in the key's pattern, its name the first group; or a doubled brace, without one. */
    public static final Pattern COLUMN = Pattern.compile("\\{\\{|}}|\\{([^{}]+)}");

    @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
    public Loader {
      type = type == null ? Type.STRING : type;
      fields = fields == null ? List.of() : Collections.unmodifiableList(new ArrayList<>(fields));
    }

    /** A loader of strings. */
    public Loader(String key, String sql, String value, Duration ttl) {
      this(key, Type.STRING, sql, value, List.of(), null, ttl);
    }

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

    /** All columns that the request names, which a query must have. */
    public Set<String> columns() {
      Set<String> columns = keyColumns();
      if (value != null) {
        columns.add(value);
      }
      columns.addAll(fields);
      if (score != null) {
        columns.add(score);
      }
      return columns;
    }

    /** Whether a column of the query is a field of the hash. */
    public boolean isField(String column) {
      return fields.isEmpty() ? !keyColumns().contains(column) : fields.contains(column);
    }
  }

  /** What a key of Redis can be, as far as it can be warmed. */
  public enum Type {
    /** A value. */
    @JsonProperty("string")
    STRING("string"),
    /** Fields with a value each. */
    @JsonProperty("hash")
    HASH("hash"),
    /** Elements in the order of the query's rows. */
    @JsonProperty("list")
    LIST("list"),
    /** Members without an order. */
    @JsonProperty("set")
    SET("set"),
    /** Members with a score each. */
    @JsonProperty("zset")
    ZSET("zset");

    private final String key;

    Type(String key) {
      this.key = key;
    }

    /** The type as the request and Redis name it. */
    public String key() {
      return key;
    }

    /** Whether each row is a key of its own. */
    public boolean isOneRow() {
      return switch (this) {
        case STRING, HASH -> true;
        case LIST, SET, ZSET -> false;
      };
    }
  }
}
