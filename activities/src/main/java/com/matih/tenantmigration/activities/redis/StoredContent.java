package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.redis.loaders.LoadedEntry;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import io.lettuce.core.KeyValue;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

/**
 * Compares stored keys with a loader's content, using commands that no writer uses.
 *
 * <p>A hash, list or set is read only if it has the loader's type and size, so that a large key
 * written by someone else does not fill the memory.
 */
final class StoredContent {

  /** What {@link #differences} says of a key that is not there. */
  static final String MISSING = "is missing";

  private static final String OTHER_VALUE = "has a different value than the dedicated database";

  private static final String READ_AT_ONCE = "strings are read at once";

  private StoredContent() {}

  /**
   * How each key differs, in the words that follow its name; empty where it is equal.
   *
   * @param entries of one loader, so all of one type
   */
  static List<Optional<String>> differences(Cache cache, List<LoadedEntry> entries) {
    return entries.isEmpty() || entries.get(0).type() != RedisSpec.Type.STRING
        ? differencesOfContainers(cache, entries)
        : differencesOfStrings(cache, entries);
  }

  /** Strings are read at once; what is no string has no value then, and its type says why. */
  private static List<Optional<String>> differencesOfStrings(
      Cache cache, List<LoadedEntry> entries) {
    String[] keys = entries.stream().map(LoadedEntry::key).toArray(String[]::new);
    List<KeyValue<String, byte[]>> values = cache.call("read keys", redis -> redis.mget(keys));
    List<Optional<String>> differences = new ArrayList<>(entries.size());
    List<LoadedEntry> withoutValue = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      LoadedEntry entry = entries.get(i);
      KeyValue<String, byte[]> value = values.get(i);
      if (value.hasValue()) {
        differences.add(
            Known.judge(false, Arrays.equals(value.getValue(), entry.content().get(0))));
      } else {
        differences.add(Optional.empty());
        withoutValue.add(entry);
        places.add(i);
      }
    }
    List<String> types = types(cache, withoutValue);
    for (int i = 0; i < types.size(); i++) {
      differences.set(
          places.get(i), Optional.of(otherType(types.get(i), withoutValue.get(i).type())));
    }
    return differences;
  }

  private static List<String> types(Cache cache, List<LoadedEntry> entries) {
    return cache.batch(
        "return keys' types", entries, LoadedEntry::key, (redis, e) -> redis.type(e.key()));
  }

  private static List<Optional<String>> differencesOfContainers(
      Cache cache, List<LoadedEntry> entries) {
    List<String> types = types(cache, entries);
    List<Long> sizes =
        cache.batch("return keys' sizes", ofType(entries, types), Known::key, Known::size);
    List<Optional<String>> differences = new ArrayList<>(entries.size());
    List<Known> toRead = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    int known = 0;
    for (int i = 0; i < entries.size(); i++) {
      LoadedEntry entry = entries.get(i);
      String type = types.get(i);
      differences.add(Optional.empty());
      if (!type.equals(entry.type().key())) {
        differences.set(i, Optional.of(otherType(type, entry.type())));
      } else if (sizes.get(known++) == entry.size()) {
        toRead.add(new Known(entry));
        places.add(i);
      } else {
        long size = sizes.get(known - 1);
        // what has just expired has no size
        differences.set(i, Optional.of(size == 0 ? MISSING : OTHER_VALUE));
      }
    }
    List<Optional<String>> read = cache.batch("read keys", toRead, Known::key, Known::read);
    for (int i = 0; i < read.size(); i++) {
      differences.set(places.get(i), read.get(i));
    }
    return differences;
  }

  private static String otherType(String found, RedisSpec.Type loaded) {
    return found.equals("none") || found.equals(loaded.key())
        ? MISSING
        : "is of the type %s, and its loader writes the type %s".formatted(found, loaded.key());
  }

  private static List<Known> ofType(List<LoadedEntry> entries, List<String> types) {
    List<Known> known = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      if (types.get(i).equals(entries.get(i).type().key())) {
        known.add(new Known(entries.get(i)));
      }
    }
    return known;
  }

  /** A key of which it is known that it has the loader's type. */
  private record Known(LoadedEntry entry) {

    String key() {
      return entry.key();
    }

    static Future<Long> size(RedisAsyncCommands<String, byte[]> redis, Known known) {
      String key = known.key();
      return switch (known.entry.type()) {
        case STRING -> throw new IllegalArgumentException(READ_AT_ONCE);
        case HASH -> redis.hlen(key);
        case LIST -> redis.llen(key);
        case SET -> redis.scard(key);
        case ZSET -> redis.zcard(key);
      };
    }

    static Future<Optional<String>> read(RedisAsyncCommands<String, byte[]> redis, Known known) {
      String key = known.key();
      List<byte[]> loaded = known.entry.content();
      CompletionStage<Optional<String>> difference =
          switch (known.entry.type()) {
            case STRING -> throw new IllegalArgumentException(READ_AT_ONCE);
            case LIST ->
                redis
                    .lrange(key, 0, -1)
                    .thenApply(all -> judge(all.isEmpty(), wrapped(all).equals(wrapped(loaded))));
            case SET ->
                redis
                    .smembers(key)
                    .thenApply(
                        all ->
                            judge(
                                all.isEmpty(),
                                Set.copyOf(wrapped(all)).equals(new HashSet<>(wrapped(loaded)))));
            case HASH ->
                redis
                    .hgetall(key)
                    .thenApply(all -> judge(all.isEmpty(), fields(all).equals(fields(loaded))));
            case ZSET ->
                redis
                    .zrangeWithScores(key, 0, -1)
                    .thenApply(all -> judge(all.isEmpty(), scores(all).equals(members(loaded))));
          };
      return difference.toCompletableFuture();
    }

    private static Optional<String> judge(boolean isGone, boolean isEqual) {
      return isGone ? Optional.of(MISSING) : isEqual ? Optional.empty() : Optional.of(OTHER_VALUE);
    }

    private static List<ByteBuffer> wrapped(Collection<byte[]> values) {
      return values.stream().map(ByteBuffer::wrap).toList();
    }

    private static Map<String, ByteBuffer> fields(Map<String, byte[]> stored) {
      Map<String, ByteBuffer> fields = new HashMap<>();
      stored.forEach((field, value) -> fields.put(field, ByteBuffer.wrap(value)));
      return fields;
    }

    private static Map<String, ByteBuffer> fields(List<byte[]> loaded) {
      Map<String, ByteBuffer> fields = new HashMap<>();
      for (int i = 0; i < loaded.size(); i += 2) {
        fields.put(Cache.text(loaded.get(i)), ByteBuffer.wrap(loaded.get(i + 1)));
      }
      return fields;
    }

    private static Map<ByteBuffer, Double> scores(List<ScoredValue<byte[]>> stored) {
      Map<ByteBuffer, Double> scores = new HashMap<>();
      stored.forEach(each -> scores.put(ByteBuffer.wrap(each.getValue()), plain(each.getScore())));
      return scores;
    }

    private static Map<ByteBuffer, Double> members(List<byte[]> loaded) {
      Map<ByteBuffer, Double> scores = new HashMap<>();
      for (int i = 0; i < loaded.size(); i += 2) {
        double score = Double.parseDouble(Cache.text(loaded.get(i)));
        scores.put(ByteBuffer.wrap(loaded.get(i + 1)), plain(score));
      }
      return scores;
    }

    /** Without the sign of zero, which a server may lose. */
    private static double plain(double score) {
      return score + 0.0;
    }
  }
}
