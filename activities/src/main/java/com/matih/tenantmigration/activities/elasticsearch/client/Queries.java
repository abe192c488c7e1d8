package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.node.ObjectNode;

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

  /** Documents of another tenant, or of none. */
  public static ObjectNode notOfTenant(String tenantField, String tenantKey) {
    ObjectNode query = Json.object();
    query.putObject("bool").set("must_not", term(tenantField, tenantKey));
    return query;
  }

  private static ObjectNode term(String field, String value) {
    ObjectNode term = Json.object();
    term.putObject("term").putObject(field).put("value", value);
    return term;
  }
}
