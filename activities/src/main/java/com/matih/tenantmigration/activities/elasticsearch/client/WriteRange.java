package com.matih.tenantmigration.activities.elasticsearch.client;

/**
 * Some of the writes of a shard, by their numbers.
 *
 * @param from the first
 * @param to the one after the last
 */
public record WriteRange(long from, long to) {

  public long width() {
    return to - from;
  }
}
