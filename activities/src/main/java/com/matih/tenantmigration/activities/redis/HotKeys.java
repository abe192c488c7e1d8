package com.matih.tenantmigration.activities.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

/**
 * Which of the tenant's keys are hottest in the shared Redis, without looking at a value: under an
 * LFU policy by how often they are used, else by how recently. Neither question counts as a use.
 */
final class HotKeys {

  /** How many of the hottest keys are warmed before all others; bounds the memory. */
  static final int KEPT = 25_000;

  private HotKeys() {}

  /**
   * The hottest keys, without the prefix. All keys, where there are no more than {@code most}.
   *
   * @param most how many are kept
   */
  static Set<String> read(Cache shared, String prefix, int most) {
    PriorityQueue<HotKey> hottest = new PriorityQueue<>(Comparator.comparingLong(HotKey::heat));
    Thermometer thermometer = new Thermometer(shared);
    Set<String> kept = new HashSet<>();
    KeyScan.walk(
        shared,
        prefix,
        keys -> {
          List<Long> heats = thermometer.measure(keys);
          for (int i = 0; i < keys.size(); i++) {
            // SCAN may name a key twice
            if (kept.add(keys.get(i))) {
              hottest.add(new HotKey(keys.get(i), heats.get(i)));
              if (hottest.size() > most) {
                kept.remove(hottest.remove().name());
              }
            }
          }
          return true;
        });
    Set<String> names = new HashSet<>();
    kept.forEach(key -> names.add(key.substring(prefix.length())));
    return names;
  }

  private record HotKey(String name, long heat) {}

  /** Asks how hot keys are, by the one command of the two that the Redis' policy allows. */
  private static final class Thermometer {

    private final Cache shared;
    private boolean known;
    private boolean byFrequency;

    Thermometer(Cache shared) {
      this.shared = shared;
    }

    List<Long> measure(List<String> keys) {
      if (!known) {
        byFrequency =
            shared
                .tryCall(
                    "return how often a key is used", redis -> found(redis.objectFreq(keys.get(0))))
                .isPresent();
        known = true;
      }
      return shared.batch("return how hot keys are", keys, key -> key, this::ask);
    }

    private Future<Long> ask(RedisAsyncCommands<String, byte[]> redis, String key) {
      return byFrequency
          ? found(redis.objectFreq(key))
          : redis
              .objectIdletime(key)
              .thenApply(idle -> idle == null ? Long.MIN_VALUE : -idle)
              .toCompletableFuture();
    }

    /** A key that is gone meanwhile is the coldest. */
    private static Future<Long> found(CompletionStage<Long> answer) {
      return answer.thenApply(heat -> heat == null ? Long.MIN_VALUE : heat).toCompletableFuture();
    }
  }
}
