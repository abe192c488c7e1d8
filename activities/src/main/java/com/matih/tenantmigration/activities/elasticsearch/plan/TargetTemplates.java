package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Answer;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks for index templates of the dedicated cluster that would change the index that is created
 * there: a cluster mixes a matching template into every new index.
 */
final class TargetTemplates {

  /** What the migration sets itself for a new index, or the shared index always has. */
  private static final Set<String> SET_ANYWAY =
      Set.of(
          "index.number_of_shards",
          "index.number_of_replicas",
          "index.auto_expand_replicas",
          "index.refresh_interval",
          "index.default_pipeline",
          "index.final_pipeline",
          "index.write.wait_for_active_shards");

  /** What says where an index lies and how long, not what it holds. */
  private static final Pattern OPERATIONAL =
      Pattern.compile("index\\.(lifecycle|routing\\.allocation|allocation|priority|hidden)\\b.*");

  private final SearchCluster dedicated;
  private final String name;
  private final PlanNotes notes;

  TargetTemplates(SearchCluster dedicated, String name, PlanNotes notes) {
    this.dedicated = dedicated;
    this.name = name;
    this.notes = notes;
  }

  /** Refuses a template that would change what the index is, and tells of one that adds to it. */
  void judge(IndexDefinition source) {
    Answer composable = read("/_index_template");
    Answer legacy = read("/_template");
    if (composable.isError() || legacy.isError()) {
      notes.warn(
          name,
          "The request's credentials may not read the dedicated cluster's index templates (cluster"
              + " privilege manage_index_templates). One that matches this name changes the index.");
      return;
    }
    ObjectNode best = best(composable.json().path("index_templates"));
    if (best != null) {
      judgeComposable(source, best);
    } else {
      legacy
          .json()
          .properties()
          .forEach(
              template -> {
                if (matches(template.getValue())) {
                  judge(source, template.getKey(), template.getValue());
                }
              });
    }
  }

  private Answer read(String path) {
    Answer answer = dedicated.exchange("return its index templates", "GET", path);
    return answer.status() == 403
        ? answer
        : dedicated.require("return its index templates", answer);
  }

  /** Of several that match, the one of the highest priority alone takes effect. */
  private @Nullable ObjectNode best(JsonNode templates) {
    ObjectNode best = null;
    for (JsonNode template : templates) {
      if (matches(template.path("index_template"))
          && (best == null || priority(template) > priority(best))) {
        best = (ObjectNode) template;
      }
    }
    return best;
  }

  private static long priority(JsonNode template) {
    return template.path("index_template").path("priority").asLong(0);
  }

  private boolean matches(JsonNode template) {
    for (JsonNode pattern : template.path("index_patterns")) {
      String expression =
          Stream.of(pattern.asText().split("\\*", -1))
              .map(Pattern::quote)
              .collect(Collectors.joining(".*"));
      if (name.matches(expression)) {
        return true;
      }
    }
    return false;
  }

  /** The cluster itself says what the template and its components amount to. */
  private void judgeComposable(IndexDefinition source, JsonNode template) {
    String templateName = template.path("name").asText();
    if (template.path("index_template").has("data_stream")) {
      refuse(templateName, "allows data streams of that name only");
      return;
    }
    String attempted = "resolve index template " + templateName;
    JsonNode resolved =
        dedicated
            .require(
                attempted,
                dedicated.exchange(
                    attempted,
                    "POST",
                    "/_index_template/_simulate_index/" + SearchCluster.encode(name)))
            .json()
            .path("template");
    judge(source, templateName, resolved);
  }

  private void judge(IndexDefinition source, String templateName, JsonNode template) {
    List<String> changes =
        new ArrayList<>(MappingDifferences.beyond(source.mappings(), template.path("mappings")));
    template.path("aliases").properties().forEach(alias -> changes.add("alias " + alias.getKey()));
    List<String> operational = new ArrayList<>();
    Map<String, String> own = flat(Json.object().set("index", source.settings()));
    flat(template.path("settings"))
        .forEach(
            (setting, value) -> {
              String full = setting.startsWith("index.") ? setting : "index." + setting;
              if (OPERATIONAL.matcher(full).matches()) {
                operational.add(full);
              } else if (!SET_ANYWAY.contains(full) && !own.containsKey(full)) {
                changes.add(full);
              }
            });
    if (!changes.isEmpty()) {
      refuse(templateName, "would change the new index: " + MappingDifferences.text(changes));
    }
    if (!operational.isEmpty()) {
      notes.warn(
          name,
          "The dedicated cluster's template %s gives the new index %s."
              .formatted(templateName, MappingDifferences.text(operational)));
    }
  }

  private void refuse(String templateName, String what) {
    notes.refuse(
        name,
        "The dedicated cluster's index template %s %s.".formatted(templateName, what),
        "Take the name out of the template's index_patterns, or choose another name for the index.");
  }

  private static Map<String, String> flat(JsonNode settings) {
    Map<String, String> flat = new TreeMap<>();
    flatten("", settings, flat);
    return flat;
  }

  private static void flatten(String path, JsonNode node, Map<String, String> flat) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              part ->
                  flatten(
                      path.isEmpty() ? part.getKey() : path + "." + part.getKey(),
                      part.getValue(),
                      flat));
    } else if (!node.isMissingNode()) {
      flat.put(path, node.toString());
    }
  }
}
