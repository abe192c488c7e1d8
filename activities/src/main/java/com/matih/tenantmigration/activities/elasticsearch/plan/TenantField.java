package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.workflow.report.Refusal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a field of a mapping can tell one tenant's documents from another's: it must be a keyword
 * that is compared as it is, or a whole number.
 */
final class TenantField {

  /** How many bits the values of a numeric type have, the sign not counted. */
  private static final Map<String, Integer> WHOLE_NUMBERS =
      Map.of("byte", 7, "short", 15, "integer", 31, "long", 63, "unsigned_long", 64);

  private TenantField() {}

  /** Whether the field holds numbers, which have one spelling only in the index. */
  static boolean isNumber(IndexDefinition index, String field) {
    JsonNode mapping = index.mappings();
    String rest = field;
    while (!rest.isEmpty()) {
      String name = nextName(mapping, rest);
      mapping = child(mapping, name);
      rest = behind(rest, name);
    }
    String type = mapping.path("type").asText("");
    return type.equals("alias")
        ? isNumber(index, mapping.path("path").asText(""))
        : WHOLE_NUMBERS.containsKey(type);
  }

  /** Why the field cannot serve, or empty where it can. */
  static Optional<Refusal> refusal(IndexDefinition index, String field, String tenantKey) {
    String object = index.name() + "." + field;
    JsonNode mapping = index.mappings();
    String rest = field;
    while (!rest.isEmpty()) {
      if (mapping.path("type").asText("").equals("nested")) {
        return refuse(
            object,
            "The tenant field is inside nested objects, which a query of whole documents does not see.",
            "Name a keyword field of the document itself as tenantField.");
      }
      if (mapping.path("type").asText("").equals("flattened")) {
        return refuse(
            object,
            "The tenant field is a key inside a flattened field, which has no mapping of its own.",
            "Map it as a keyword field of its own and reindex, or name another field as tenantField.");
      }
      String name = nextName(mapping, rest);
      mapping = child(mapping, name);
      rest = behind(rest, name);
    }
    if (mapping.isMissingNode() || field.endsWith(".")) {
      return refuse(
          object,
          "The index maps no field of that name.",
          "Name the keyword field that holds the tenant key as tenantField.");
    }
    if (mapping.path("type").asText("").equals("alias")) {
      return refusal(index, mapping.path("path").asText(""), tenantKey);
    }
    return keywordRefusal(index, object, field, mapping, tenantKey);
  }

  /**
   * The longest beginning of a path that a mapping has as one name, or else the path's first part:
   * below {@code subobjects: false} names have dots.
   */
  private static String nextName(JsonNode mapping, String path) {
    int end = path.length();
    while (child(mapping, path.substring(0, end)).isMissingNode()
        && path.lastIndexOf('.', end - 1) > 0) {
      end = path.lastIndexOf('.', end - 1);
    }
    return path.substring(0, end);
  }

  private static JsonNode child(JsonNode mapping, String name) {
    JsonNode property = mapping.path("properties").path(name);
    return property.isMissingNode() ? mapping.path("fields").path(name) : property;
  }

  private static String behind(String path, String name) {
    return name.length() < path.length() ? path.substring(name.length() + 1) : "";
  }

  private static Optional<Refusal> keywordRefusal(
      IndexDefinition index, String object, String field, JsonNode mapping, String tenantKey) {
    String type = mapping.path("type").asText("object");
    if (type.equals("constant_keyword")) {
      return Optional.empty();
    }
    if (WHOLE_NUMBERS.containsKey(type) && isWholeNumber(tenantKey, WHOLE_NUMBERS.get(type))) {
      return searchableRefusal(object, mapping);
    }
    if (!type.equals("keyword")) {
      return refuse(
          object,
          "The tenant field is mapped as %s, not as keyword, so a filter by it is not exact."
              .formatted(type),
          keywordBelow(field, mapping)
              .map("Name %s as tenantField."::formatted)
              .orElse("Map it as keyword and reindex, or name another field as tenantField."));
    }
    if (mapping.has("normalizer")) {
      return refuse(
          object,
          "The tenant field has a normalizer, so different tenant keys can look the same.",
          "Name a keyword field without a normalizer as tenantField.");
    }
    if (longest(index, mapping) < tenantKey.length()) {
      return refuse(
          object,
          "The tenant field does not index values as long as the tenant key.",
          "Raise its ignore_above and reindex, or name another field as tenantField.");
    }
    return searchableRefusal(object, mapping);
  }

  /** How long a value may be that is indexed; the index may say it for all of its fields. */
  private static int longest(IndexDefinition index, JsonNode mapping) {
    return mapping.has("ignore_above")
        ? mapping.path("ignore_above").asInt()
        : index.setting("mapping", "ignore_above").map(Integer::parseInt).orElse(Integer.MAX_VALUE);
  }

  /** Written as an index compares it: {@code 042} would be found as 42, and not be the same key. */
  private static boolean isWholeNumber(String tenantKey, int bits) {
    return tenantKey.matches("0|-?[1-9][0-9]{0,19}")
        && new BigInteger(tenantKey).bitLength() <= bits
        && !(bits == 64 && tenantKey.startsWith("-"));
  }

  private static Optional<Refusal> searchableRefusal(String object, JsonNode mapping) {
    if (!mapping.path("index").asBoolean(true) && !mapping.path("doc_values").asBoolean(true)) {
      return refuse(
          object,
          "The tenant field is not searchable.",
          "Index it, or name another field as tenantField.");
    }
    return Optional.empty();
  }

  private static Optional<String> keywordBelow(String field, JsonNode mapping) {
    return mapping.path("fields").properties().stream()
        .filter(below -> below.getValue().path("type").asText("").equals("keyword"))
        .map(below -> field + "." + below.getKey())
        .findFirst();
  }

  private static Optional<Refusal> refuse(String object, String reason, String remedy) {
    return Optional.of(new Refusal(ElasticsearchNames.STORE, object, reason, remedy));
  }
}
