package com.matih.tenantmigration.activities.redis.loaders;

import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** The content of one key, which grows row by row, up to a limit. */
final class KeyContent {

  /** The largest content, in bytes, with {@link #OVERHEAD} for each field, member or element. */
  static final int MOST_BYTES = 32 * 1024 * 1024;

  private static final int OVERHEAD = 100;

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d{1,4})?|Infinity)");

  private final RedisSpec.Loader loader;
  private final String key;
  private final List<byte[]> content = new ArrayList<>();

  /** The members of a set or a sorted set with their scores, each of which comes once. */
  private final Map<ByteBuffer, Double> members = new HashMap<>();

  private long bytes;

  KeyContent(RedisSpec.Loader loader, String key) {
    this.loader = loader;
    this.key = key;
  }

  String key() {
    return key;
  }

  /** The content's size in memory, in bytes. */
  long bytes() {
    return bytes;
  }

  LoadedEntry entry() {
    return new LoadedEntry(key, loader.type(), content);
  }

  /**
   * Adds what a row says.
   *
   * @return false where the row lacks what the loader needs, and nothing was added
   */
  boolean add(Map<String, DedicatedRows.Value> row) {
    return switch (loader.type()) {
      case STRING, LIST -> addValue(row);
      case HASH -> addFields(row);
      case SET -> addMember(row, false);
      case ZSET -> addMember(row, true);
    };
  }

  private boolean addValue(Map<String, DedicatedRows.Value> row) {
    DedicatedRows.Value value = row.get(loader.value());
    if (value == null) {
      return false;
    }
    append(value.bytes());
    return true;
  }

  /** A column that is NULL is no field. */
  private boolean addFields(Map<String, DedicatedRows.Value> row) {
    boolean added = false;
    for (Map.Entry<String, DedicatedRows.Value> column : row.entrySet()) {
      if (loader.isField(column.getKey())) {
        append(text(column.getKey()));
        append(column.getValue().bytes());
        added = true;
      }
    }
    return added;
  }

  private boolean addMember(Map<String, DedicatedRows.Value> row, boolean isScored) {
    DedicatedRows.Value member = row.get(loader.value());
    DedicatedRows.Value score = isScored ? row.get(Objects.requireNonNull(loader.score())) : null;
    if (member == null || (isScored && score == null)) {
      return false;
    }
    double number = score == null ? 0 : number(score);
    Double known = members.putIfAbsent(ByteBuffer.wrap(member.bytes()), number);
    if (known == null) {
      if (isScored) {
        append(text(Double.toString(number)));
      }
      append(member.bytes());
    } else if (known != number) {
      throw refusal(
          "has two rows for one member of the key %s, with different scores".formatted(key),
          "Make its query return one row for each member");
    }
    return true;
  }

  private double number(DedicatedRows.Value score) {
    String text = score.text();
    if (score.isBinary() || !NUMBER.matcher(text).matches()) {
      throw refusal(
          "has a score for the key %s that is not a number".formatted(key),
          "Have the column %s return a number; of a time, extract(epoch from …)"
              .formatted(loader.score()));
    }
    return Double.parseDouble(text);
  }

  private void append(byte[] element) {
    bytes += element.length + OVERHEAD;
    if (bytes > MOST_BYTES) {
      throw refusal(
          "gives the key %s more than %d MiB".formatted(key, MOST_BYTES >> 20),
          "Reduce the rows of this key");
    }
    content.add(element);
  }

  private MigrationException refusal(String problem, String remedy) {
    return new MigrationException(
        FailureType.BAD_REQUEST, "The loader %s %s. %s.".formatted(loader.key(), problem, remedy));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
