package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.engine.KeySpelling;
import java.util.List;

/** The queries that tell the tenant's documents from the others'. */
public final class Queries {

  private Queries() {}

  public static ObjectNode everything() {
    ObjectNode query = Json.object();
    query.putObject("match_all");
    return query;
  }

  /** Documents of one tenant; in filter context, so that nothing is scored. */
  public static ObjectNode ofTenant(String tenantField, String tenantKey) {
    ObjectNode query = Json.object();
    query.putObject("bool").set("filter", term(tenantField, tenantKey));
    return query;
  }

  /** Those of one tenant's documents whose last write in their shard is in a range. */
  public static ObjectNode ofTenant(
      String tenantField, String tenantKey, long afterWrite, long upToWrite) {
    ObjectNode query = Json.object();
    ArrayNode filter = query.putObject("bool").putArray("filter");
    filter.add(term(tenantField, tenantKey));
    filter
        .addObject()
        .putObject("range")
        .putObject("_seq_no")
        .put("gt", afterWrite)
        .put("lte", upToWrite);
    return query;
  }

  /** Those of one tenant's documents whose last write in their shard is in one of the ranges. */
  public static ObjectNode ofTenant(String tenantField, String tenantKey, List<WriteRange> ranges) {
    ObjectNode query = Json.object();
    ArrayNode filter = query.putObject("bool").putArray("filter");
    filter.add(term(tenantField, tenantKey));
    ArrayNode anyOf = filter.addObject().putObject("bool").putArray("should");
    for (WriteRange range : ranges) {
      anyOf
          .addObject()
          .putObject("range")
          .putObject("_seq_no")
          .put("gte", range.from())
          .put("lt", range.to());
    }
    return query;
  }

  /**
   * Documents of another tenant as well, or of none: a field may hold several keys, and each of
   * them finds the document.
   */
  public static ObjectNode notOfTenantAlone(String tenantField, String tenantKey) {
    ObjectNode query = Json.object();
    ObjectNode bool = query.putObject("bool");
    ArrayNode either = bool.putArray("should");
    either.addObject().putObject("bool").set("must_not", term(tenantField, tenantKey));
    addOtherKeys(either, tenantField, tenantKey);
    bool.put("minimum_should_match", 1);
    return query;
  }

  /** Those of one tenant's documents that are another tenant's as well. */
  public static ObjectNode ofSeveralTenants(String tenantField, String tenantKey) {
    ObjectNode query = ofTenant(tenantField, tenantKey);
    ObjectNode bool = (ObjectNode) query.path("bool");
    addOtherKeys(bool.putArray("should"), tenantField, tenantKey);
    bool.put("minimum_should_match", 1);
    return query;
  }

  /** The same, where the other tenants' keys are known. */
  public static ObjectNode ofSeveralTenants(
      String tenantField, String tenantKey, List<String> others) {
    ObjectNode query = Json.object();
    ArrayNode filter = query.putObject("bool").putArray("filter");
    filter.add(term(tenantField, tenantKey));
    ArrayNode keys = filter.addObject().putObject("terms").putArray(tenantField);
    others.forEach(keys::add);
    return query;
  }

  /** Documents whose tenant field holds no key that a query could find. */
  public static ObjectNode ofNobody(String tenantField) {
    ObjectNode query = Json.object();
    query.putObject("bool").putObject("must_not").putObject("exists").put("field", tenantField);
    return query;
  }

  /** Whatever lies before or after the key in the field's order. */
  private static void addOtherKeys(ArrayNode clauses, String tenantField, String tenantKey) {
    for (String side : List.of("lt", "gt")) {
      clauses.addObject().putObject("range").putObject(tenantField).put(side, tenantKey);
    }
  }

  /**
   * Documents that have the tenant's key in other letters' case, or as a uuid with or without its
   * dashes, and are nobody's for {@link #ofTenant}.
   */
  public static ObjectNode ofAnotherSpelling(String tenantField, String tenantKey) {
    ObjectNode query = Json.object();
    ObjectNode bool = query.putObject("bool");
    ArrayNode spellings = bool.putArray("should");
    for (String spelling : KeySpelling.spellings(tenantKey)) {
      ObjectNode term = Json.object();
      term.putObject("term")
          .putObject(tenantField)
          .put("value", spelling)
          .put("case_insensitive", true);
      spellings.add(term);
    }
    bool.put("minimum_should_match", 1);
    bool.set("must_not", term(tenantField, tenantKey));
    return query;
  }

  private static ObjectNode term(String field, String value) {
    ObjectNode term = Json.object();
    term.putObject("term").putObject(field).put("value", value);
    return term;
  }
}
