package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.redis.loaders.LoadedEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * What the scripts share that write keys: functions that compare a key with the content of a
 * loader, and that write it, for each type of key.
 *
 * <p>The content is the end of the script's arguments, from {@code FIRST} on, and the type is the
 * argument before it. A key of another type is never equal.
 */
final class ContentScript {

  /**
   * {@code same(key)} and {@code write(key, milliseconds or '0')}. A sorted set's scores are
   * compared as numbers, since the server writes them in its own way. Lua takes no more than some
   * thousands of values at once, so a large key is written in portions.
   */
  private static final String FUNCTIONS =
      """
      local FIRST = %d
      local kind = ARGV[FIRST - 1]
      local function pairsOf(answer)
        local found = {}
        for i = 1, #answer, 2 do found[answer[i]] = answer[i + 1] end
        return found
      end
      local function same(key)
        if redis.call('TYPE', key).ok ~= kind then return false end
        if kind == 'string' then return redis.call('GET', key) == ARGV[FIRST] end
        local count = #ARGV - FIRST + 1
        if kind == 'list' then
          if redis.call('LLEN', key) ~= count then return false end
          local answer = redis.call('LRANGE', key, 0, -1)
          for i = 1, count do
            if answer[i] ~= ARGV[FIRST + i - 1] then return false end
          end
          return true
        end
        if kind == 'set' then
          if redis.call('SCARD', key) ~= count then return false end
          local found = {}
          for _, member in ipairs(redis.call('SMEMBERS', key)) do found[member] = true end
          for i = FIRST, #ARGV do
            if not found[ARGV[i]] then return false end
          end
          return true
        end
        if kind == 'hash' then
          if redis.call('HLEN', key) ~= count / 2 then return false end
          local found = pairsOf(redis.call('HGETALL', key))
          for i = FIRST, #ARGV, 2 do
            if found[ARGV[i]] ~= ARGV[i + 1] then return false end
          end
          return true
        end
        if redis.call('ZCARD', key) ~= count / 2 then return false end
        local found = pairsOf(redis.call('ZRANGE', key, 0, -1, 'WITHSCORES'))
        for i = FIRST, #ARGV, 2 do
          local score = found[ARGV[i + 1]]
          if not score or tonumber(score) ~= tonumber(ARGV[i]) then return false end
        end
        return true
      end
      local function write(key, millis)
        if kind == 'string' then
          if millis == '0' then
            redis.call('SET', key, ARGV[FIRST])
          else
            redis.call('SET', key, ARGV[FIRST], 'PX', millis)
          end
          return
        end
        redis.call('DEL', key)
        local command = ({hash = 'HSET', list = 'RPUSH', set = 'SADD', zset = 'ZADD'})[kind]
        for i = FIRST, #ARGV, 1000 do
          redis.call(command, key, unpack(ARGV, i, math.min(i + 999, #ARGV)))
        end
        if millis ~= '0' then redis.call('PEXPIRE', key, millis) end
      end
      """;

  private ContentScript() {}

  /**
   * The functions, before a script.
   *
   * @param arguments how many arguments the script has before the type
   */
  static String before(String script, int arguments) {
    return FUNCTIONS.formatted(arguments + 2) + script;
  }

  /** The script's own arguments, then the type and the content. */
  static byte[][] arguments(LoadedEntry entry, String... own) {
    List<byte[]> all = new ArrayList<>(own.length + 1 + entry.content().size());
    for (String argument : own) {
      all.add(Cache.bytes(argument));
    }
    all.add(Cache.bytes(entry.type().key()));
    all.addAll(entry.content());
    return all.toArray(byte[][]::new);
  }
}
