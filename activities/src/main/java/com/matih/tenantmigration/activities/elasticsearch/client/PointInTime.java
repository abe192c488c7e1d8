package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.workflow.MigrationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An index as it was at one moment, read by any number of slices; given back when closed. */
public final class PointInTime implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PointInTime.class);
  private static final String KEEP_ALIVE = "5m";

  private final SearchCluster cluster;
  private final String index;
  private volatile String id;

  private PointInTime(SearchCluster cluster, String index, String id) {
    this.cluster = cluster;
    this.index = index;
    this.id = id;
  }

  /** Takes a point-in-time; what was written but not refreshed is not in it. */
  public static PointInTime open(SearchCluster cluster, String index) {
    return open(cluster, index, "");
  }

  /** The same of one shard alone. */
  public static PointInTime openShard(SearchCluster cluster, String index, int shard) {
    return open(cluster, index, "&preference=_shards:" + shard);
  }

  /** One that was taken before, which the cluster may have given up since. */
  public static PointInTime of(SearchCluster cluster, String index, String id) {
    return new PointInTime(cluster, index, id);
  }

  private static PointInTime open(SearchCluster cluster, String index, String preference) {
    String attempted = "open a point-in-time of index " + index;
    Answer answer =
        cluster.exchange(
            attempted,
            "POST",
            "/" + SearchCluster.encode(index) + "/_pit?keep_alive=" + KEEP_ALIVE + preference);
    String id = cluster.require(attempted, answer).json().path("id").asText();
    return new PointInTime(cluster, index, id);
  }

  /** By what it is found again, for some minutes after its last use. */
  public String id() {
    return id;
  }

  String index() {
    return index;
  }

  SearchCluster cluster() {
    return cluster;
  }

  /**
   * Searches in it; an error where the cluster has given it up.
   *
   * @param search gets the reference to this point-in-time
   */
  public Answer search(String attempted, ObjectNode search) {
    search.set("pit", reference());
    return cluster.exchange(
        attempted, "POST", "/_search?allow_partial_search_results=false", search);
  }

  /** What a search in this point-in-time says about it, which prolongs it as well. */
  ObjectNode reference() {
    return Json.object().put("id", id).put("keep_alive", KEEP_ALIVE);
  }

  /** Prolongs it without reading anything. */
  void prolong() {
    ObjectNode search = Json.object().put("size", 0).put("track_total_hits", false);
    search.set("pit", reference());
    search.putObject("query").putObject("match_none");
    JsonNode answer =
        cluster.send("prolong a point-in-time of index " + index, "POST", "/_search", search);
    renew(answer.path("pit_id").asText(null));
  }

  /** Takes note of the id that an answer gave for the next search. */
  void renew(@Nullable String newId) {
    if (newId != null) {
      id = newId;
    }
  }

  @Override
  public void close() {
    try {
      var unused =
          cluster.release(
              "close a point-in-time of index " + index,
              "DELETE",
              "/_pit",
              Json.object().put("id", id));
    } catch (MigrationException e) {
      log.info("A point-in-time of index {} is left to expire: {}", index, e.getMessage());
    }
  }
}
