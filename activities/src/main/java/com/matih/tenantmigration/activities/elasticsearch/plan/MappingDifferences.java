package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What a mapping has that another one lacks, or has otherwise. */
final class MappingDifferences {

  private static final int NAMED = 5;

  private MappingDifferences() {}

  /**
   * The differences by their paths, such as {@code properties.extra}; without {@code _meta}, which
   * changes nothing of how documents are indexed.
   */
  static List<String> beyond(JsonNode expected, JsonNode actual) {
    List<String> differences = new ArrayList<>();
    actual
        .properties()
        .forEach(
            part -> {
              if (!part.getKey().equals("_meta")) {
                collect(part.getKey(), expected.path(part.getKey()), part.getValue(), differences);
              }
            });
    return differences;
  }

  /** The first few in one text. */
  static String text(List<String> differences) {
    String named = String.join(", ", differences.subList(0, Math.min(NAMED, differences.size())));
    return differences.size() > NAMED
        ? "%s and %d more".formatted(named, differences.size() - NAMED)
        : named;
  }

  private static void collect(
      String path, JsonNode expected, JsonNode actual, List<String> differences) {
    if (actual.isObject() && expected.isObject()) {
      actual
          .properties()
          .forEach(
              part ->
                  collect(
                      path + "." + part.getKey(),
                      expected.path(part.getKey()),
                      part.getValue(),
                      differences));
    } else if (!isSame(expected, actual)) {
      differences.add(path);
    }
  }

  /** A boolean may be written as text, and an empty object says nothing. */
  private static boolean isSame(JsonNode expected, JsonNode actual) {
    return expected.equals(actual)
        || (actual.isValueNode()
            && expected.isValueNode()
            && actual.asText().equals(expected.asText()))
        || (actual.isContainerNode() && actual.isEmpty() && expected.isMissingNode());
  }
}
