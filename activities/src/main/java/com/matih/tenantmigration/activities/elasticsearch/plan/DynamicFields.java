package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What the objects of a mapping do with fields that they do not have ({@code dynamic}), where they
 * say so and it is not to ignore them.
 *
 * <p>An index may hold documents from a time when its mapping said something else. Written again
 * under a mapping that is strict by now, they would be refused; under one that adds fields by now,
 * they would add fields that the shared index does not have. So an index ignores such fields while
 * it is loaded: its mapping has all those that the shared one has indexed.
 *
 * @param byObject the parameter's values by the objects' places, which are JSON pointers
 */
public record DynamicFields(Map<String, String> byObject) {

  private static final String PARAMETER = "dynamic";
  private static final String IGNORED = "false";

  public DynamicFields {
    byObject = Map.copyOf(byObject);
  }

  /** What a mapping says. */
  public static DynamicFields of(ObjectNode mappings) {
    Map<String, String> byObject = new TreeMap<>();
    visit(
        mappings,
        JsonPointer.empty(),
        (place, object) -> byObject.put(place, object.path(PARAMETER).asText()));
    return new DynamicFields(byObject);
  }

  /** A copy of a mapping that ignores the fields that it does not have. */
  public static ObjectNode ignoring(ObjectNode mappings) {
    ObjectNode copy = mappings.deepCopy();
    visit(copy, JsonPointer.empty(), (place, object) -> object.put(PARAMETER, IGNORED));
    return copy;
  }

  /** A copy of a mapping that says this. */
  public ObjectNode in(ObjectNode mappings) {
    ObjectNode copy = mappings.deepCopy();
    byObject.forEach(
        (place, value) -> {
          if (copy.at(place) instanceof ObjectNode object) {
            object.put(PARAMETER, value);
          }
        });
    return copy;
  }

  /** Visits the objects that refuse or add fields. */
  private static void visit(
      ObjectNode object, JsonPointer place, BiConsumer<String, ObjectNode> visitor) {
    JsonNode dynamic = object.path(PARAMETER);
    if (dynamic.isValueNode() && !dynamic.asText().equals(IGNORED)) {
      visitor.accept(place.toString(), object);
    }
    JsonPointer properties = place.appendProperty("properties");
    object
        .path("properties")
        .properties()
        .forEach(
            property -> {
              if (property.getValue() instanceof ObjectNode below) {
                visit(below, properties.appendProperty(property.getKey()), visitor);
              }
            });
  }
}
