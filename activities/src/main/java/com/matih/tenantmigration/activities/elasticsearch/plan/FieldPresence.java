package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Answer;
import com.matih.tenantmigration.activities.elasticsearch.client.DocumentReader;
import com.matih.tenantmigration.activities.elasticsearch.client.Hit;
import com.matih.tenantmigration.activities.elasticsearch.client.HitPage;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.PointInTime;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of the mapped fields any of a tenant's documents has, by what is indexed and not by what
 * the cluster answers as their sources.
 *
 * <p>A copy and a comparison both read sources. What a server leaves out of those, as later
 * versions do with vectors, is then missing without a difference. So a field that the shared index
 * finds and the dedicated one does not, in any document, is one, unless the sources have it: then
 * it has moved with them, and the mapping no longer indexes it, as after a lower {@code
 * ignore_above}.
 */
public final class FieldPresence {

  private static final int ASKED_AT_ONCE = 200;

  /** So many fields that a first look at the documents does not explain are looked for. */
  private static final int LOOKED_FOR = 50;

  private final ObjectNode tenant;

  /**
   * The fields of one tenant's documents.
   *
   * @param tenant the query for them
   */
  public FieldPresence(ObjectNode tenant) {
    this.tenant = tenant;
  }

  /**
   * The fields that the shared index finds and the dedicated one does not, both refreshed, and that
   * are not in the shared sources either.
   */
  public List<String> lost(
      SearchCluster shared,
      String source,
      SearchCluster dedicated,
      String target,
      JsonNode mappings) {
    List<Field> fields = new ArrayList<>();
    collect("", "", mappings, fields);
    Set<Field> there = present(shared, source, fields);
    Set<Field> here = present(dedicated, target, List.copyOf(there));
    Map<String, List<String>> copied = new HashMap<>();
    collectCopies("", mappings, copied);
    return there.stream()
        .filter(field -> !here.contains(field))
        .filter(field -> !isInSources(shared, source, field, copied))
        .map(Field::path)
        .sorted()
        .toList();
  }

  /**
   * The fields that an index finds and the first documents that have them do not have in their
   * sources, as where a {@code copy_to} was taken away: a document that is written again does not
   * have them any more.
   */
  public List<String> withoutSource(SearchCluster cluster, String index, JsonNode mappings) {
    List<Field> fields = new ArrayList<>();
    collect("", "", mappings, fields);
    Map<String, List<String>> copied = new HashMap<>();
    collectCopies("", mappings, copied);
    List<Hit> some = firstHits(cluster, index, tenant);
    return present(cluster, index, fields).stream()
        .filter(field -> !field.computed())
        .filter(field -> !isInAny(some, field, copied))
        .limit(LOOKED_FOR)
        .filter(field -> !isInAny(firstHits(cluster, index, having(field)), field, copied))
        .map(Field::path)
        .sorted()
        .toList();
  }

  private static boolean isInAny(List<Hit> hits, Field field, Map<String, List<String>> copied) {
    return hits.stream().anyMatch(hit -> isAtAny(hit, origins(field, copied)));
  }

  /**
   * Whether the first documents that have a field also have it in the sources that are read, or one
   * that is copied to it.
   */
  private boolean isInSources(
      SearchCluster cluster, String index, Field field, Map<String, List<String>> copied) {
    List<Hit> hits = firstHits(cluster, index, having(field));
    return !hits.isEmpty() && hits.stream().allMatch(hit -> isAtAny(hit, origins(field, copied)));
  }

  private ObjectNode having(Field field) {
    ObjectNode having = Json.object();
    having.putObject("bool").putArray("filter").add(tenant).add(field.query());
    return having;
  }

  private static List<Hit> firstHits(SearchCluster cluster, String index, ObjectNode query) {
    try (PointInTime pointInTime = PointInTime.open(cluster, index)) {
      return new DocumentReader(pointInTime, query, true)
          .next()
          .map(HitPage::hits)
          .orElse(List.of());
    }
  }

  private static List<String> origins(Field field, Map<String, List<String>> copied) {
    List<String> origins = new ArrayList<>(copied.getOrDefault(field.path(), List.of()));
    origins.add(field.path());
    return origins;
  }

  private static boolean isAtAny(Hit hit, List<String> paths) {
    JsonNode source = Json.parse(hit.source());
    return paths.stream().anyMatch(path -> isAt(source, path));
  }

  /** Whether an object, or one of several, has anything at a path of names, which may have dots. */
  private static boolean isAt(JsonNode node, String path) {
    if (node.isArray()) {
      for (JsonNode element : node) {
        if (isAt(element, path)) {
          return true;
        }
      }
      return false;
    }
    if (node.has(path)) {
      return true;
    }
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      if (isAt(node.path(path.substring(0, dot)), path.substring(dot + 1))) {
        return true;
      }
    }
    return false;
  }

  /** What a check says of a field that is lost. */
  public static String mismatch(String index, String field) {
    return "index %s has field %s in no document, and the shared index finds it in some"
        .formatted(index, field);
  }

  /**
   * A field that documents hold themselves.
   *
   * @param nested the innermost nested object that it is in, or an empty text
   * @param computed whether the mapping alone fills it, so that no source has it
   */
  private record Field(String path, String nested, boolean computed) {

    ObjectNode query() {
      ObjectNode exists = Json.object();
      exists.putObject("exists").put("field", path);
      if (nested.isEmpty()) {
        return exists;
      }
      ObjectNode inside = Json.object();
      inside.putObject("nested").put("path", nested).set("query", exists);
      return inside;
    }
  }

  private static void collect(String prefix, String nested, JsonNode mapping, List<Field> fields) {
    mapping
        .path("properties")
        .properties()
        .forEach(
            property -> {
              String path = prefix + property.getKey();
              String type = property.getValue().path("type").asText("object");
              if (property.getValue().has("properties")) {
                collect(
                    path + ".", type.equals("nested") ? path : nested, property.getValue(), fields);
              } else if (!Set.of("alias", "object", "nested").contains(type)) {
                fields.add(
                    new Field(
                        path,
                        nested,
                        type.equals("constant_keyword") || property.getValue().has("script")));
              }
            });
  }

  /**
   * Which fields are copied to a field ({@code copy_to}): it has their values and is in no source.
   */
  private static void collectCopies(
      String prefix, JsonNode mapping, Map<String, List<String>> copied) {
    mapping
        .path("properties")
        .properties()
        .forEach(
            property -> {
              String path = prefix + property.getKey();
              JsonNode to = property.getValue().path("copy_to");
              Iterable<JsonNode> copies = to.isTextual() ? List.of(to) : to;
              copies.forEach(
                  copy ->
                      copied.computeIfAbsent(copy.asText(), any -> new ArrayList<>()).add(path));
              collectCopies(path + ".", property.getValue(), copied);
            });
  }

  private Set<Field> present(SearchCluster cluster, String index, List<Field> fields) {
    Set<Field> present = new HashSet<>();
    for (int from = 0; from < fields.size(); from += ASKED_AT_ONCE) {
      List<Field> some = fields.subList(from, Math.min(from + ASKED_AT_ONCE, fields.size()));
      present.addAll(ask(cluster, index, some));
    }
    return present;
  }

  private Set<Field> ask(SearchCluster cluster, String index, List<Field> fields) {
    String attempted = "count the fields of index " + index;
    Answer answer =
        cluster.exchange(
            attempted,
            "POST",
            "/%s/_search?allow_partial_search_results=false".formatted(SearchCluster.encode(index)),
            search(fields));
    if (answer.status() == 400 || TenantOwnership.isTooExpensive(answer)) {
      // some kinds of fields cannot be asked for: they are left to the comparison of sources
      return fields.size() == 1
          ? Set.of()
          : union(
              ask(cluster, index, fields.subList(0, fields.size() / 2)),
              ask(cluster, index, fields.subList(fields.size() / 2, fields.size())));
    }
    JsonNode buckets =
        cluster
            .require(attempted, answer)
            .json()
            .path("aggregations")
            .path("fields")
            .path("buckets");
    Set<Field> present = new HashSet<>();
    for (int i = 0; i < fields.size(); i++) {
      if (buckets.path("f" + i).path("doc_count").asLong() > 0) {
        present.add(fields.get(i));
      }
    }
    return present;
  }

  private static Set<Field> union(Set<Field> one, Set<Field> other) {
    Set<Field> union = new HashSet<>(one);
    union.addAll(other);
    return union;
  }

  private ObjectNode search(List<Field> fields) {
    ObjectNode search = Json.object().put("size", 0).put("track_total_hits", false);
    search.set("query", tenant);
    ObjectNode filters =
        search.putObject("aggs").putObject("fields").putObject("filters").putObject("filters");
    for (int i = 0; i < fields.size(); i++) {
      filters.set("f" + i, fields.get(i).query());
    }
    return search;
  }
}
