package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which settings of a shared index an existing one lacks, without which it takes neither its
 * mapping nor some of its documents.
 */
final class IndexingDifferences {

  /** Where the settings define what a parameter of a mapping names. */
  private static final Map<String, List<String>> NAMED_BY =
      Map.of(
          "analyzer", List.of("analysis", "analyzer"),
          "search_analyzer", List.of("analysis", "analyzer"),
          "search_quote_analyzer", List.of("analysis", "analyzer"),
          "normalizer", List.of("analysis", "normalizer"),
          "similarity", List.of("similarity"));

  private IndexingDifferences() {}

  /** In the words of a refusal, such as {@code the analyzer folded}. */
  static List<String> lacking(IndexDefinition source, IndexDefinition existing) {
    List<String> lacking = new ArrayList<>();
    if (isOn(source, "ignore_malformed", false) && !isOn(existing, "ignore_malformed", false)) {
      lacking.add("index.mapping.ignore_malformed: true");
    }
    if (isOn(source, "coerce", true) && !isOn(existing, "coerce", true)) {
      lacking.add("index.mapping.coerce: true");
    }
    Set<String> named = new TreeSet<>();
    source
        .mappings()
        .properties()
        .forEach(
            part -> {
              if (!part.getKey().equals("_meta")) {
                collect(source, existing, part.getValue(), named);
              }
            });
    lacking.addAll(named);
    return lacking;
  }

  private static boolean isOn(IndexDefinition index, String setting, boolean byDefault) {
    return index.setting("mapping", setting).map(Boolean::parseBoolean).orElse(byDefault);
  }

  /** What the shared index defines and its mapping names, and the existing one does not define. */
  private static void collect(
      IndexDefinition source, IndexDefinition existing, JsonNode mapping, Set<String> named) {
    mapping
        .properties()
        .forEach(
            part -> {
              List<String> place = NAMED_BY.get(part.getKey());
              if (place != null && part.getValue().isTextual()) {
                String name = part.getValue().asText();
                if (defines(source, place, name) && !defines(existing, place, name)) {
                  named.add("the %s %s".formatted(place.get(place.size() - 1), name));
                }
              }
            });
    mapping.forEach(part -> collect(source, existing, part, named));
  }

  private static boolean defines(IndexDefinition index, List<String> place, String name) {
    JsonNode node = index.settings();
    for (String part : place) {
      node = node.path(part);
    }
    return node.has(name);
  }
}
