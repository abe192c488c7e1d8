package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Answer;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.ArrayList;
import java.util.List;

/**
 * How far each shard of a shared index has come: the last write that all its copies have and keep,
 * whatever happens to one of them (its global checkpoint). All writes up to there are visible in a
 * search after a refresh, and none with a lower number can follow.
 *
 * @param index the index itself, where it was asked for by an alias
 * @param uuid tells it from another one that takes its name
 * @param histories a shard gets another history where its own was given up: a copy that had not all
 *     of it was made the primary by force, or it was restored from a snapshot
 * @param checkpoints -1 for a shard that nothing was written to
 */
record ShardPositions(String index, String uuid, List<String> histories, List<Long> checkpoints) {

  ShardPositions {
    histories = List.copyOf(histories);
    checkpoints = List.copyOf(checkpoints);
  }

  /**
   * Reads how far an index has come now.
   *
   * @throws MigrationException of type SOURCE_CHANGED where the name leads to no index or to
   *     several, STORE_ERROR where a shard has no primary at the moment
   */
  static ShardPositions read(SearchCluster shared, String name) {
    String attempted = "read how far index %s has come".formatted(name);
    Answer answer =
        shared.exchange(
            attempted,
            "GET",
            "/%s/_stats/docs?level=shards".formatted(SearchCluster.encode(name))
                + "&filter_path=_shards,indices.*.uuid,indices.*.shards.*.routing,"
                + "indices.*.shards.*.commit.user_data,indices.*.shards.*.seq_no");
    JsonNode indices =
        answer.isMissing()
            ? Json.object()
            : shared.require(attempted, answer).json().path("indices");
    if (indices.size() != 1) {
      throw new MigrationException(
          FailureType.SOURCE_CHANGED,
          "%s led to one index of Elasticsearch's %s when it was copied, and leads to %d now. Start the migration again."
              .formatted(name, shared.name(), indices.size()));
    }
    var only = indices.properties().iterator().next();
    return of(only.getKey(), only.getValue(), shared);
  }

  private static ShardPositions of(String index, JsonNode node, SearchCluster shared) {
    List<String> histories = new ArrayList<>();
    List<Long> checkpoints = new ArrayList<>();
    JsonNode shards = node.path("shards");
    for (int shard = 0; shard < shards.size(); shard++) {
      JsonNode primary = primary(shards.path(Integer.toString(shard)));
      if (primary.isMissingNode()) {
        throw new MigrationException(
            FailureType.STORE_ERROR,
            "Shard %d of index %s of Elasticsearch's %s has no primary. Check the cluster's health."
                .formatted(shard, index, shared.name()));
      }
      histories.add(primary.at("/commit/user_data/history_uuid").asText(""));
      checkpoints.add(primary.at("/seq_no/global_checkpoint").asLong(-1));
    }
    return new ShardPositions(index, node.path("uuid").asText(""), histories, checkpoints);
  }

  private static JsonNode primary(JsonNode copies) {
    for (JsonNode copy : copies) {
      if (copy.path("routing").path("primary").asBoolean()) {
        return copy;
      }
    }
    return copies.path(-1);
  }

  int shards() {
    return checkpoints.size();
  }

  /** Up to which write a shard is carried over once this is; all writes where it is -1. */
  long carriedUpTo(int shard, ShardPositions earlier) {
    boolean goesOn =
        earlier.histories.get(shard).equals(histories.get(shard))
            && earlier.checkpoints.get(shard) <= checkpoints.get(shard);
    return goesOn ? earlier.checkpoints.get(shard) : -1;
  }

  /** How many writes of all tenants there were since. */
  long writesSince(ShardPositions earlier) {
    long writes = 0;
    for (int shard = 0; shard < shards(); shard++) {
      writes += checkpoints.get(shard) - carriedUpTo(shard, earlier);
    }
    return writes;
  }

  /**
   * Lets pass an index that is still the one whose documents are followed.
   *
   * @throws MigrationException of type SOURCE_CHANGED where it is another one
   */
  void requireSameIndex(ShardPositions earlier) {
    if (!uuid.equals(earlier.uuid)) {
      throw new MigrationException(
          FailureType.SOURCE_CHANGED,
          "Index %s of the shared Elasticsearch was replaced by another index while its documents were followed. Start the migration again."
              .formatted(earlier.index));
    }
    if (shards() != earlier.shards()) {
      throw new MigrationException(
          FailureType.STORE_ERROR,
          "Only %d of %d shards of index %s of the shared Elasticsearch answer. Check the cluster's health."
              .formatted(shards(), earlier.shards(), earlier.index));
    }
  }
}
