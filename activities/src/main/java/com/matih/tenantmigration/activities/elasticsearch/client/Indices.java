package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Questions about indices that several of a migration's steps ask. */
public final class Indices {

  private Indices() {}

  /**
   * What a name leads to: nothing, one index, or several where it is an alias of several.
   *
   * @param name an index or an alias
   */
  public static List<IndexDefinition> resolve(SearchCluster cluster, String name) {
    String attempted = "describe index " + name;
    Answer answer = cluster.exchange(attempted, "GET", "/" + SearchCluster.encode(name));
    if (answer.isMissing()) {
      return List.of();
    }
    List<IndexDefinition> found = new ArrayList<>();
    cluster
        .require(attempted, answer)
        .json()
        .properties()
        .forEach(entry -> found.add(definition(entry.getKey(), entry.getValue())));
    return found;
  }

  /** The index of that name; empty where there is none, or where the name is an alias. */
  public static Optional<IndexDefinition> find(SearchCluster cluster, String name) {
    return resolve(cluster, name).stream().filter(index -> index.name().equals(name)).findFirst();
  }

  /**
   * The shared index that a request names, directly or by an alias.
   *
   * @throws MigrationException where there is none or there are several
   */
  public static IndexDefinition source(SearchCluster cluster, String name) {
    List<IndexDefinition> found = resolve(cluster, name);
    if (found.size() != 1) {
      throw new MigrationException(
          FailureType.SOURCE_CHANGED,
          "%s led to one index of Elasticsearch's %3$s when the migration was planned, and leads to %2$d now. Start the migration again."
              .formatted(name, found.size(), cluster.name()));
    }
    return found.get(0);
  }

  /**
   * Makes what was written until now visible to searches.
   *
   * @throws MigrationException of type STORE_ERROR where a copy of a shard has failed to, which a
   *     search might be answered from
   */
  public static void refresh(SearchCluster cluster, String index) {
    String attempted = "refresh index " + index;
    Answer answer =
        cluster.require(
            attempted,
            cluster.exchange(attempted, "POST", "/" + SearchCluster.encode(index) + "/_refresh"));
    int failed = answer.json().path("_shards").path("failed").asInt();
    if (failed > 0) {
      throw new MigrationException(
          FailureType.STORE_ERROR,
          "Elasticsearch's %s did not %s on every copy of its shards (%d failed). Check their health."
              .formatted(cluster.name(), attempted, failed));
    }
  }

  /**
   * How many documents match, nested ones not counted.
   *
   * @throws MigrationException of type STORE_ERROR where a shard has not answered: a number that
   *     lacks its documents would pass for the whole
   */
  public static long count(SearchCluster cluster, String index, JsonNode query) {
    String attempted = "count the documents of index " + index;
    JsonNode answer =
        cluster.send(
            attempted,
            "POST",
            "/" + SearchCluster.encode(index) + "/_count",
            Json.object().set("query", query));
    int failed = answer.path("_shards").path("failed").asInt();
    if (failed > 0) {
      throw new MigrationException(
          FailureType.STORE_ERROR,
          "Elasticsearch's %s did not %s in all of its shards (%d failed). Check their health."
              .formatted(cluster.name(), attempted, failed));
    }
    return answer.path("count").asLong();
  }

  /** Changes settings of an index; a {@code null} value gives a setting its default again. */
  public static void putSettings(SearchCluster cluster, String index, ObjectNode settings) {
    var unused =
        cluster.send(
            "change the settings of index " + index,
            "PUT",
            "/" + SearchCluster.encode(index) + "/_settings",
            Json.object().set("index", settings));
  }

  /** Adds to the mappings of an index, or changes what can be changed of them. */
  public static void putMappings(SearchCluster cluster, String index, ObjectNode mappings) {
    var unused =
        cluster.send(
            "change the mappings of index " + index,
            "PUT",
            "/" + SearchCluster.encode(index) + "/_mapping",
            mappings);
  }

  /** Whether a cluster has an ingest pipeline of that name. */
  public static boolean hasPipeline(SearchCluster cluster, String name) {
    String attempted = "look for ingest pipeline " + name;
    Answer answer =
        cluster.exchange(attempted, "GET", "/_ingest/pipeline/" + SearchCluster.encode(name));
    return !answer.isMissing() && !cluster.require(attempted, answer).isError();
  }

  private static IndexDefinition definition(String name, JsonNode node) {
    return new IndexDefinition(
        name,
        objectOrEmpty(node.path("settings").path("index")),
        objectOrEmpty(node.path("mappings")),
        objectOrEmpty(node.path("aliases")),
        node.has("data_stream"));
  }

  private static ObjectNode objectOrEmpty(JsonNode node) {
    return node instanceof ObjectNode object ? object : Json.object();
  }
}
