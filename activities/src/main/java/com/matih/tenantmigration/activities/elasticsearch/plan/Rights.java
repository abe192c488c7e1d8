package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Answer;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchFailures;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.Mode;
import java.util.ArrayList;
import java.util.List;

/** Asks a cluster whether we may do what the migration will do, before it does. */
final class Rights {

  private static final List<String> SOURCE = List.of("read", "view_index_metadata", "maintenance");

  /** To follow a tenant who works it takes the statistics of the shards besides. */
  private static final List<String> FOLLOWED_SOURCE =
      List.of("read", "view_index_metadata", "maintenance", "monitor");

  /** Who may manage an index may create it, and see its settings and mappings. */
  private static final List<String> TARGET = List.of("read", "write", "manage");

  private Rights() {}

  static List<Refusal> missingOnSource(SearchCluster shared, ElasticsearchSpec spec, Mode mode) {
    List<String> names = spec.indices().stream().map(ElasticsearchSpec.Index::from).toList();
    List<String> privileges =
        switch (mode) {
          case ONLINE -> FOLLOWED_SOURCE;
          case OFFLINE -> SOURCE;
        };
    return missing(shared, names, privileges, List.of());
  }

  static List<Refusal> missingOnTarget(SearchCluster dedicated, ElasticsearchSpec spec) {
    List<String> names = new ArrayList<>();
    for (ElasticsearchSpec.Index index : spec.indices()) {
      names.add(index.to());
      names.add(index.to() + "-migration-*");
    }
    return missing(dedicated, names, TARGET, List.of("monitor"));
  }

  /** Nothing is missing where the cluster has no security to ask: then everybody may do all. */
  private static List<Refusal> missing(
      SearchCluster cluster,
      List<String> names,
      List<String> indexPrivileges,
      List<String> clusterPrivileges) {
    if (names.isEmpty()) {
      return List.of();
    }
    ObjectNode question = Json.object();
    fill(question.putArray("cluster"), clusterPrivileges);
    ObjectNode index = question.putArray("index").addObject();
    fill(index.putArray("names"), names);
    fill(index.putArray("privileges"), indexPrivileges);
    String attempted = "return the user's privileges";
    Answer answer =
        cluster.exchange(attempted, "POST", "/_security/user/_has_privileges", question);
    if (answer.status() == 401) {
      throw ElasticsearchFailures.translate(cluster.name(), attempted, answer);
    }
    return answer.isError() ? List.of() : refusals(cluster, answer.json());
  }

  private static List<Refusal> refusals(SearchCluster cluster, JsonNode answer) {
    List<Refusal> refusals = new ArrayList<>();
    answer
        .path("index")
        .properties()
        .forEach(
            index ->
                denied(index.getValue())
                    .forEach(
                        privilege ->
                            refusals.add(
                                refusal(cluster, index.getKey(), "index privilege " + privilege))));
    denied(answer.path("cluster"))
        .forEach(
            privilege ->
                refusals.add(refusal(cluster, cluster.name(), "cluster privilege " + privilege)));
    return refusals;
  }

  private static List<String> denied(JsonNode privileges) {
    List<String> denied = new ArrayList<>();
    privileges
        .properties()
        .forEach(
            privilege -> {
              if (!privilege.getValue().asBoolean()) {
                denied.add(privilege.getKey());
              }
            });
    return denied;
  }

  private static Refusal refusal(SearchCluster cluster, String object, String privilege) {
    return new Refusal(
        ElasticsearchNames.STORE,
        object,
        "The request's credentials for the %s lack the %s.".formatted(cluster.name(), privilege),
        "Grant it.");
  }

  private static void fill(ArrayNode array, List<String> values) {
    values.forEach(array::add);
  }
}
