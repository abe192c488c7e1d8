package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Answer;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.PointInTime;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a shared index showed at one moment, shard by shard. The cluster keeps it for some minutes
 * after its last use, for whoever takes it up by what is {@linkplain #kept noted} of it.
 */
final class SharedView implements AutoCloseable {

  private final String index;
  private final List<PointInTime> shards;

  private SharedView(String index, List<PointInTime> shards) {
    this.index = index;
    this.shards = List.copyOf(shards);
  }

  /**
   * What the journal keeps of a view.
   *
   * @param index the shared index itself
   * @param shards the id of the point-in-time of each shard
   */
  record Kept(String index, List<String> shards) {
    Kept {
      shards = List.copyOf(shards);
    }
  }

  /** Takes a view of what is refreshed. */
  static SharedView open(SearchCluster shared, ShardPositions positions) {
    List<PointInTime> shards = new ArrayList<>();
    try {
      for (int shard = 0; shard < positions.shards(); shard++) {
        shards.add(PointInTime.openShard(shared, positions.index(), shard));
      }
    } catch (RuntimeException e) {
      shards.forEach(PointInTime::close);
      throw e;
    }
    return new SharedView(positions.index(), shards);
  }

  /** Takes up a view, which the cluster may have given up since. */
  static SharedView of(SearchCluster shared, Kept kept) {
    return new SharedView(
        kept.index(),
        kept.shards().stream().map(id -> PointInTime.of(shared, kept.index(), id)).toList());
  }

  Kept kept() {
    return new Kept(index, shards.stream().map(PointInTime::id).toList());
  }

  String index() {
    return index;
  }

  int shards() {
    return shards.size();
  }

  PointInTime shard(int number) {
    return shards.get(number);
  }

  /** How many documents match a query; empty where the cluster has given the view up. */
  OptionalLong count(ObjectNode query) {
    ObjectNode search = Json.object();
    search.set("query", query);
    search.put("size", 0);
    search.put("track_total_hits", true);
    long documents = 0;
    for (PointInTime shard : shards) {
      Answer answer =
          shard.search("count what the tenant had in index " + index, search.deepCopy());
      if (answer.isError()) {
        return OptionalLong.empty();
      }
      documents += answer.json().at("/hits/total/value").asLong();
    }
    return OptionalLong.of(documents);
  }

  @Override
  public void close() {
    shards.forEach(PointInTime::close);
  }
}
