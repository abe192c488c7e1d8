package com.matih.tenantmigration.activities.redis.loaders;

import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.util.List;

/**
 * What a loader's rows say of one key.
 *
 * @param content as the command takes it that writes the key: a string's value, a hash's fields and
 *     their values in turn, a set's members, a list's elements in their order, a sorted set's
 *     scores and their members in turn
 */
public record LoadedEntry(String key, RedisSpec.Type type, List<byte[]> content) {

  public LoadedEntry {
    content = List.copyOf(content);
  }

  /** How many fields, members or elements the key has; 1 for a string. */
  public int size() {
    return switch (type) {
      case STRING, SET, LIST -> content.size();
      case HASH, ZSET -> content.size() / 2;
    };
  }
}
