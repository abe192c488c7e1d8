package com.matih.tenantmigration.activities.redis;

/**
 * What a Redis runs for each key that is warmed, all of it or nothing: it looks whether the writer
 * still has the right to write, notes the key as warmed, and writes it.
 */
final class WarmingScript {

  /**
   * Keys: the epoch, the set of warmed keys, the key. Arguments: the writer's epoch, the time to
   * live in milliseconds (0 for none), then the type and content as {@link ContentScript} expects
   * them.
   */
  static final String TEXT =
      ContentScript.before(
          """
          if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
          if redis.call('EXISTS', KEYS[3]) == 1 then
            if not redis.call('ZSCORE', KEYS[2], KEYS[3]) then return 2 end
            if same(KEYS[3]) then return 3 end
            return 4
          end
          local expires = '+inf'
          if ARGV[2] ~= '0' then
            local now = redis.call('TIME')
            expires = string.format(
              '%.0f', now[1] * 1000 + math.floor(now[2] / 1000) + ARGV[2])
          end
          local added = redis.call('ZADD', KEYS[2], expires, KEYS[3])
          write(KEYS[3], ARGV[2])
          if added == 0 then return 3 end
          return 1
          """,
          2);

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
