package com.matih.tenantmigration.activities.redis;

/**
 * What a Redis runs for each key that a loader gives when the cache is freshened, all of it or
 * nothing: it looks whether the writer still has the right to write, compares the key's value, sets
 * it right where it differs, and notes the key as seen.
 */
final class FreshenScript {

  /**
   * Keys: the epoch, the set of warmed keys, the set of seen keys, the key. Arguments: the writer's
   * epoch, the time to live in milliseconds of a key that is missing, or 0 for none, which is empty
   * where that is not known yet; and whether a key that is missing before its time is left so; then
   * the type and content as {@link ContentScript} has them.
   *
   * <p>A key that exists keeps the time that it has left, which is what the shared Redis gave it.
   */
  static final String TEXT =
      ContentScript.before(
          """
          if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
          local seen = redis.call('SISMEMBER', KEYS[3], KEYS[4]) == 1
          local expires = redis.call('ZSCORE', KEYS[2], KEYS[4])
          local now = redis.call('TIME')
          now = now[1] * 1000 + math.floor(now[2] / 1000)
          if redis.call('EXISTS', KEYS[4]) == 1 then
            if not expires then return 2 end
            local equal = same(KEYS[4])
            if seen then
              if equal then return 4 end
              return 5
            end
            redis.call('SADD', KEYS[3], KEYS[4])
            if equal then return 1 end
            local left = redis.call('PTTL', KEYS[4])
            if left == 0 then left = 1 end
            write(KEYS[4], string.format('%.0f', math.max(left, 0)))
            return 3
          end
          if seen then return 4 end
          if ARGV[3] == '1' and expires and (expires == 'inf' or tonumber(expires) > now) then
            redis.call('SADD', KEYS[3], KEYS[4])
            return 7
          end
          if ARGV[2] == '' then return 6 end
          redis.call('SADD', KEYS[3], KEYS[4])
          if ARGV[2] == '0' then
            redis.call('ZADD', KEYS[2], '+inf', KEYS[4])
          else
            redis.call('ZADD', KEYS[2], string.format('%.0f', now + ARGV[2]), KEYS[4])
          end
          write(KEYS[4], ARGV[2])
          return 3
          """,
          3);

  /** Deletes all of the keys after the second one where the writer has the right to write. */
  static final String REMOVE =
      """
      if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
      for i = 3, #KEYS do
        redis.call('UNLINK', KEYS[i])
        redis.call('ZREM', KEYS[2], KEYS[i])
      end
      return 1
      """;

  private FreshenScript() {}

  /** What the script answers. */
  enum Outcome {
    /** Another attempt writes now, or the keys are being deleted; nothing was written. */
    SUPERSEDED,
    SAME,
    /** The key is somebody else's; nothing was written. */
    FOREIGN,
    WRITTEN,
    /** An earlier row had the same key, with the same value as far as is known. */
    REPEATED,
    /** An earlier row had the same key and another value; nothing was written. */
    CONTRADICTED,
    /** The key is missing, and its time to live is not known yet. */
    MISSING,
    /** Redis has evicted the key because its memory is full; it stays evicted. */
    EVICTED;

    private static final Outcome[] OUTCOMES = values();

    static Outcome of(long answer) {
      return OUTCOMES[(int) answer];
    }
  }
}
