package com.matih.tenantmigration.activities.redis;

/**
 * What a Redis runs for each key that is warmed, all of it or nothing: it looks whether the writer
 * still has the right to write, notes the key as warmed, and writes it.
 */
final class WarmingScript {

  /**
   * Keys: the epoch, the set of warmed keys, the key. Arguments: the writer's epoch, the value, how
   * many milliseconds the key shall live or 0 for ever.
   */
  static final String TEXT =
      """
      if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
      if redis.call('EXISTS', KEYS[3]) == 1 then
        if not redis.call('ZSCORE', KEYS[2], KEYS[3]) then return 2 end
        if redis.call('GET', KEYS[3]) == ARGV[2] then return 3 end
        return 4
      end
      local added
      if ARGV[3] == '0' then
        added = redis.call('ZADD', KEYS[2], '+inf', KEYS[3])
        redis.call('SET', KEYS[3], ARGV[2])
      else
        local now = redis.call('TIME')
        local expires = now[1] * 1000 + math.floor(now[2] / 1000) + ARGV[3]
        added = redis.call('ZADD', KEYS[2], string.format('%.0f', expires), KEYS[3])
        redis.call('SET', KEYS[3], ARGV[2], 'PX', ARGV[3])
      end
      if added == 0 then return 3 end
      return 1
      """;

  private WarmingScript() {}

  /** What the script answers. */
  enum Outcome {
    /** Another attempt writes now, or the keys are being deleted; nothing was written. */
    SUPERSEDED,
    WARMED,
    /** The key is somebody else's; nothing was written. */
    FOREIGN,
    /** An earlier row of this attempt had the same key, with the same value as far as is known. */
    REPEATED,
    /** An earlier row of this attempt had the same key and another value; nothing was written. */
    CONTRADICTED;

    private static final Outcome[] OUTCOMES = values();

    static Outcome of(long answer) {
      return OUTCOMES[(int) answer];
    }
  }
}
