package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScoredValueScanCursor;
import io.lettuce.core.ScriptOutputType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The keys that a migration has warmed, as the dedicated Redis itself remembers them. */
final class WarmedKeys {

  private static final int KEYS_A_STEP = 1000;

  /** What is no number was written by an earlier release, whose attempts have no order. */
  private static final String GRANT =
      """
      local current = tonumber(redis.call('GET', KEYS[1]) or '')
      if current and current > tonumber(ARGV[1]) then return 0 end
      redis.call('SET', KEYS[1], ARGV[1])
      return 1
      """;

  private final Cache dedicated;
  private final String migrationId;

  WarmedKeys(Cache dedicated, String migrationId) {
    this.dedicated = dedicated;
    this.migrationId = migrationId;
  }

  /** How many there are, those included that have expired since. */
  long count() {
    return dedicated.call(
        "count the warmed keys", redis -> redis.zcard(RedisNames.warmedKey(migrationId)));
  }

  /**
   * When each key expires, in milliseconds of the Redis' clock; not a number for a key that was not
   * warmed.
   */
  List<Double> expiries(List<String> keys) {
    String set = RedisNames.warmedKey(migrationId);
    return dedicated.batch(
        "look up warmed keys",
        keys,
        key -> key,
        (redis, key) ->
            redis
                .zscore(set, Cache.bytes(key))
                .thenApply(score -> score == null ? Double.NaN : score)
                .toCompletableFuture());
  }

  /**
   * Deletes the warmed keys and nothing else, then the set of them; answers how many there were. No
   * writer may have the right to write any more.
   *
   * @param proven runs the deletion of one portion where it may be deleted, or throws
   */
  long delete(Consumer<Runnable> proven) {
    String set = RedisNames.warmedKey(migrationId);
    long[] deleted = {0};
    walk(
        keys ->
            proven.accept(
                () ->
                    deleted[0] +=
                        DurableAct.DELETE_KEYS.call(
                            () ->
                                dedicated.call(
                                    "delete warmed keys",
                                    redis -> redis.unlink(keys.toArray(String[]::new))))));
    String seen = RedisNames.seenKey(migrationId);
    proven.accept(() -> dedicated.call("forget the warmed keys", redis -> redis.unlink(set, seen)));
    return deleted[0];
  }

  /** How many of them a loader still gives, as far as that was looked at. */
  long seen() {
    return dedicated.call(
        "count the keys that loaders give", redis -> redis.scard(RedisNames.seenKey(migrationId)));
  }

  /** Begins to look anew which keys a loader gives; answers whether the epoch still may. */
  boolean forgetSeen(String epoch) {
    return remove(epoch, List.of(RedisNames.seenKey(migrationId)));
  }

  /**
   * Deletes the warmed keys that no loader gives any more.
   *
   * @param proven runs the deletion of one portion where it may be deleted, or throws
   * @return whether the epoch still had the right to
   */
  boolean removeUnseen(String epoch, Consumer<Runnable> proven) {
    boolean[] own = {true};
    walk(
        keys -> {
          List<String> gone = unseen(keys);
          if (own[0] && !gone.isEmpty()) {
            proven.accept(() -> own[0] = remove(epoch, gone));
          }
        });
    return own[0];
  }

  private List<String> unseen(List<String> keys) {
    String set = RedisNames.seenKey(migrationId);
    List<Boolean> seen =
        dedicated.batch(
            "look up the keys that loaders give",
            keys,
            key -> key,
            (redis, key) -> redis.sismember(set, Cache.bytes(key)));
    List<String> unseen = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      if (!seen.get(i)) {
        unseen.add(keys.get(i));
      }
    }
    return unseen;
  }

  private boolean remove(String epoch, List<String> keys) {
    List<String> names = new ArrayList<>();
    names.add(RedisNames.epochKey(migrationId));
    names.add(RedisNames.warmedKey(migrationId));
    names.addAll(keys);
    Long done =
        dedicated.call(
            "delete warmed keys",
            redis ->
                redis.eval(
                    FreshenScript.REMOVE,
                    ScriptOutputType.INTEGER,
                    names.toArray(String[]::new),
                    Cache.bytes(epoch)));
    return done == 1;
  }

  /** Whether a key's time has come. */
  boolean isOver(String key) {
    double now = dedicated.millis();
    return expiries(List.of(key)).get(0) <= now;
  }

  /**
   * Gives the right to write to one attempt and takes it from all earlier ones.
   *
   * @return whether it was given; not where a later attempt has it
   */
  boolean grant(Attempt attempt) {
    String[] keys = {RedisNames.epochKey(migrationId)};
    Long granted =
        DurableAct.GRANT_WARMING.call(
            () ->
                dedicated.call(
                    "begin to warm keys",
                    redis ->
                        redis.eval(
                            GRANT, ScriptOutputType.INTEGER, keys, Cache.bytes(epoch(attempt)))));
    return granted == 1;
  }

  /** How an attempt is named where the right to write is kept. */
  static String epoch(Attempt attempt) {
    return Long.toString(attempt.order());
  }

  /** Takes the right to write from every attempt. */
  void revoke() {
    dedicated.call(
        "end the warming of keys", redis -> redis.unlink(RedisNames.epochKey(migrationId)));
  }

  /** Takes away what remembers the warmed keys, and leaves the keys. */
  void forget() {
    revoke();
    dedicated.call(
        "forget the warmed keys",
        redis -> redis.unlink(RedisNames.warmedKey(migrationId), RedisNames.seenKey(migrationId)));
  }

  private void walk(Consumer<List<String>> portion) {
    ScanArgs arguments = ScanArgs.Builder.limit(KEYS_A_STEP);
    ScanCursor cursor = ScanCursor.INITIAL;
    while (!cursor.isFinished()) {
      ScanCursor from = cursor;
      ScoredValueScanCursor<byte[]> step =
          dedicated.call(
              "list the warmed keys",
              redis -> redis.zscan(RedisNames.warmedKey(migrationId), from, arguments));
      if (!step.getValues().isEmpty()) {
        portion.accept(
            step.getValues().stream().map(member -> Cache.text(member.getValue())).toList());
      }
      cursor = step;
    }
  }
}
