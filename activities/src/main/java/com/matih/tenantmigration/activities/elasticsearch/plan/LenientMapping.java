package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a mapping says in service and must not say while an index is loaded.
 *
 * <p>An index may hold documents from a time when its mapping said something else. Written again,
 * they would be refused: by objects that are strict by now ({@code dynamic}), and by fields that no
 * longer ignore malformed or very long values, or no longer convert values ({@code
 * ignore_malformed}, {@code ignore_above}, {@code coerce}). Under a mapping that adds fields by now
 * they would add fields that the shared index does not have. So an index takes such documents while
 * it is loaded: its mapping has all fields that the shared one has indexed.
 *
 * @param inService the parameters' values by their places, which are JSON pointers; an empty text
 *     for a parameter that stands at its default
 * @param ignored the fields of which documents have values that were ignored
 */
public record LenientMapping(Map<String, String> inService, Set<String> ignored) {

  private static final String DYNAMIC = "dynamic";

  /** Lucene takes no longer term; its bytes are at least as many as its characters. */
  private static final int LONGEST_TERM = 32_766;

  /** The types that have the parameter {@code ignore_malformed}. */
  private static final Set<String> MAYBE_MALFORMED =
      Set.of(
          "long",
          "integer",
          "short",
          "byte",
          "double",
          "float",
          "half_float",
          "scaled_float",
          "unsigned_long",
          "date",
          "date_nanos",
          "boolean",
          "ip",
          "geo_point",
          "geo_shape",
          "point",
          "shape");

  public LenientMapping {
    inService = Map.copyOf(inService);
    ignored = Set.copyOf(ignored);
  }

  /** What a mapping says. */
  public static LenientMapping of(ObjectNode mappings, Set<String> ignored) {
    Map<String, String> inService = new TreeMap<>();
    visit(
        mappings,
        JsonPointer.empty(),
        "",
        ignored,
        (place, object, parameter, loading) ->
            inService.put(
                place.appendProperty(parameter).toString(), object.path(parameter).asText("")));
    return new LenientMapping(inService, ignored);
  }

  /** A copy of a mapping for an index that is loaded. */
  public static ObjectNode loading(ObjectNode mappings, Set<String> ignored) {
    ObjectNode copy = mappings.deepCopy();
    visit(
        copy,
        JsonPointer.empty(),
        "",
        ignored,
        (place, object, parameter, loading) -> object.put(parameter, loading));
    return copy;
  }

  /** A copy of a mapping as it is in service. */
  public ObjectNode in(ObjectNode mappings) {
    ObjectNode copy = mappings.deepCopy();
    inService.forEach(
        (text, value) -> {
          JsonPointer place = JsonPointer.compile(text);
          if (copy.at(place.head()) instanceof ObjectNode object) {
            String parameter = place.last().getMatchingProperty();
            if (value.isEmpty()) {
              object.remove(parameter);
            } else {
              object.put(parameter, value);
            }
          }
        });
    return copy;
  }

  /** Takes a parameter whose value is another one while an index is loaded. */
  private interface Visitor {
    void visit(JsonPointer place, ObjectNode object, String parameter, String loading);
  }

  private static void visit(
      ObjectNode object, JsonPointer place, String path, Set<String> ignored, Visitor visitor) {
    JsonNode dynamic = object.path(DYNAMIC);
    if (dynamic.isValueNode() && !dynamic.asText().equals("false")) {
      visitor.visit(place, object, DYNAMIC, "false");
    }
    if (object.path("coerce").asText().equals("false")) {
      visitor.visit(place, object, "coerce", "true");
    }
    if (ignored.contains(path) && refusesLongValues(object)) {
      visitor.visit(place, object, "ignore_above", Integer.toString(LONGEST_TERM));
    } else if (ignored.contains(path) && refusesMalformed(object)) {
      visitor.visit(place, object, "ignore_malformed", "true");
    }
    for (String children : Set.of("properties", "fields")) {
      JsonPointer below = place.appendProperty(children);
      object
          .path(children)
          .properties()
          .forEach(
              child -> {
                if (child.getValue() instanceof ObjectNode field) {
                  visit(
                      field,
                      below.appendProperty(child.getKey()),
                      path.isEmpty() ? child.getKey() : path + "." + child.getKey(),
                      ignored,
                      visitor);
                }
              });
    }
  }

  /** Whether a field may refuse values that it has ignored as too long before. */
  static boolean refusesLongValues(JsonNode field) {
    return field.path("type").asText().equals("keyword")
        && field.path("ignore_above").asInt(Integer.MAX_VALUE) > LONGEST_TERM;
  }

  /** Whether a field may refuse values that it has ignored as malformed before. */
  static boolean refusesMalformed(JsonNode field) {
    return MAYBE_MALFORMED.contains(field.path("type").asText())
        && !field.path("ignore_malformed").asBoolean();
  }
}
