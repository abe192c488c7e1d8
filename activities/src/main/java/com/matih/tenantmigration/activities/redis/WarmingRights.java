package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import io.lettuce.core.ScriptOutputType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tries every command that the warming and its checks send to the dedicated Redis, on a key of the
 * migration's own: an ACL can forbid a single one. A script runs them all, so nobody ever sees the
 * key, and it writes none that the user may not delete.
 */
final class WarmingRights {

  /** Each argument is a command, in which @ stands for the key. */
  private static final String TRIAL =
      """
      local denied = {}
      for _, line in ipairs(ARGV) do
        local words = {}
        for word in string.gmatch(line, '%S+') do
          words[#words + 1] = word == '@' and KEYS[1] or word
        end
        local answer = redis.pcall(unpack(words))
        local problem = type(answer) == 'table' and answer.err
        if problem and string.find(problem, "can't access") then return {'KEYS'} end
        if problem and (string.find(problem, "can't run") or string.find(problem, 'NOPERM')
            or string.find(problem, 'nknown')) then
          denied[#denied + 1] = words[1]
          if words[1] == 'UNLINK' then return denied end
        end
      end
      return denied
      """;

  /** The script's answer where the user may not use the key. */
  private static final String NO_KEYS = "KEYS";

  private static final List<String> OF_ALL =
      List.of(
          "UNLINK @",
          "TIME",
          "DBSIZE",
          "SCAN 0",
          "EXISTS @",
          "TYPE @",
          "PTTL @",
          "GET @",
          "SET @ 1",
          "UNLINK @",
          "SISMEMBER @ 1",
          "SCARD @",
          "SADD @ 1",
          "UNLINK @",
          "ZSCORE @ 1",
          "ZCARD @",
          "ZSCAN @ 0",
          "ZREM @ 1",
          "ZADD @ 1 1",
          "UNLINK @");

  private WarmingRights() {}

  /** Refuses by name what the user may not run. */
  static void examine(Cache dedicated, RedisSpec spec, String migrationId, PlanNotes notes) {
    List<String> all = new ArrayList<>(OF_ALL);
    spec.warm().stream()
        .map(RedisSpec.Loader::type)
        .distinct()
        .forEach(type -> all.addAll(commandsOf(type)));
    String key = RedisNames.epochKey(migrationId);
    String script = dedicated.call("take a script", redis -> redis.scriptLoad(TRIAL));
    List<byte[]> denied =
        dedicated.call(
            "run a script",
            redis ->
                redis.evalsha(
                    script,
                    ScriptOutputType.MULTI,
                    new String[] {key},
                    all.stream().map(Cache::bytes).toArray(byte[][]::new)));
    Set<String> names = new LinkedHashSet<>();
    denied.forEach(name -> names.add(Cache.text(name)));
    if (names.contains(NO_KEYS)) {
      notes.refuse(
          "dedicated Redis",
          "Its user may not use the key %s, in which the migration keeps its notes.".formatted(key),
          "Let the user use all keys (ACL SETUSER … ~*).");
    } else if (!names.isEmpty()) {
      notes.refuse(
          "dedicated Redis",
          "Its user may not run %s, which the warming of the cache needs."
              .formatted(String.join(", ", names)),
          "Allow it (ACL SETUSER … %s)."
              .formatted(
                  String.join(
                      " ",
                      names.stream().map(name -> "+" + name.toLowerCase(Locale.ROOT)).toList())));
    }
  }

  private static List<String> commandsOf(RedisSpec.Type type) {
    return switch (type) {
      case STRING -> List.of("MGET @");
      case HASH ->
          List.of("DEL @", "HLEN @", "HGETALL @", "HSET @ 1 1", "PEXPIRE @ 1000", "UNLINK @");
      case LIST ->
          List.of("DEL @", "LLEN @", "LRANGE @ 0 -1", "RPUSH @ 1", "PEXPIRE @ 1000", "UNLINK @");
      case SET -> List.of("DEL @", "SMEMBERS @", "PEXPIRE @ 1000");
      case ZSET -> List.of("DEL @", "ZRANGE @ 0 -1", "PEXPIRE @ 1000");
    };
  }
}
