package com.matih.tenantmigration.activities.redis;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a Redis says of itself (INFO); nothing where we may not ask. */
final class ServerInfo {

  private final Map<String, String> values = new HashMap<>();

  private ServerInfo(String text) {
    text.lines()
        .map(line -> line.split(":", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> values.put(pair[0].strip(), pair[1].strip()));
  }

  static ServerInfo of(Cache cache) {
    return new ServerInfo(
        cache.<String>tryCall("describe itself", redis -> redis.info()).orElse(""));
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** A number, 0 where it is not said. */
  long number(String name) {
    return get(name).filter(text -> text.matches("\\d{1,18}")).map(Long::parseLong).orElse(0L);
  }

  boolean isCluster() {
    return get("cluster_enabled").orElse("0").equals("1");
  }

  boolean isReplica() {
    return get("role").orElse("").equals("slave");
  }
}
