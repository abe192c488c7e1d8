package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Answer;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the documents of a shared index whose owner is in doubt: those that have the key in
 * another spelling, those of several tenants, and those of none.
 */
final class TenantOwnership {

  private static final String EXPENSIVE = "search.allow_expensive_queries";
  private static final int MOST_KEYS = 1000;

  private final SearchCluster shared;
  private final IndexDefinition source;
  private final ElasticsearchSpec.Index index;
  private final String tenantKey;
  private final PlanNotes notes;

  TenantOwnership(
      SearchCluster shared,
      IndexDefinition source,
      ElasticsearchSpec.Index index,
      String tenantKey,
      PlanNotes notes) {
    this.shared = shared;
    this.source = source;
    this.index = index;
    this.tenantKey = tenantKey;
    this.notes = notes;
  }

  void judge() {
    if (!TenantField.isNumber(source, index.tenantField())) {
      refuseOtherSpellings();
    }
    refuseSeveralOwners();
    tellNobodys();
  }

  private void refuseOtherSpellings() {
    long misspelled =
        Indices.count(
            shared, source.name(), Queries.ofAnotherSpelling(index.tenantField(), tenantKey));
    if (misspelled > 0) {
      notes.refuse(
          object(),
          "The index has %s with the tenant key '%s' in another spelling, which would not move."
              .formatted(Units.plural(misspelled, "document"), tenantKey),
          "Write tenantKey as all stores have it; where they differ, correct the documents"
              + " first.");
    }
  }

  /** Moved, the other tenant's data would leave the shared cluster with them. */
  private void refuseSeveralOwners() {
    long several = several();
    if (several > 0) {
      notes.refuse(
          object(),
          "The index has %s of the tenant with another tenant's key beside its own (an array)."
              .formatted(Units.plural(several, "document")),
          "Give each tenant a document of its own, and start the migration again.");
    }
  }

  /** Whether a cluster says that it takes no expensive queries, and that this is one. */
  static boolean isTooExpensive(Answer answer) {
    return new String(answer.bytes(), StandardCharsets.UTF_8).contains(EXPENSIVE);
  }

  /**
   * A cluster may refuse to search a keyword by a range ({@code search.allow_expensive_queries}).
   * Then it is asked which keys there are beside the tenant's.
   */
  private long several() {
    ObjectNode byRange = Queries.ofSeveralTenants(index.tenantField(), tenantKey);
    Answer answer =
        shared.exchange(
            "count the documents of index " + source.name(),
            "POST",
            "/" + SearchCluster.encode(source.name()) + "/_count",
            Json.object().set("query", byRange));
    if (!isTooExpensive(answer)) {
      return Indices.count(shared, source.name(), byRange);
    }
    ObjectNode search = Json.object().put("size", 0);
    search.set("query", Queries.ofTenant(index.tenantField(), tenantKey));
    ObjectNode keys = search.putObject("aggs").putObject("others").putObject("terms");
    keys.put("field", index.tenantField())
        .put("size", MOST_KEYS)
        .putArray("exclude")
        .add(tenantKey);
    List<String> others = new ArrayList<>();
    shared
        .send(
            "list the keys beside the tenant's in index " + source.name(),
            "POST",
            "/%s/_search?allow_partial_search_results=false"
                .formatted(SearchCluster.encode(source.name())),
            search)
        .at("/aggregations/others/buckets")
        .forEach(bucket -> others.add(bucket.path("key").asText()));
    return Indices.count(
        shared, source.name(), Queries.ofSeveralTenants(index.tenantField(), tenantKey, others));
  }

  private void tellNobodys() {
    long nobodys = Indices.count(shared, source.name(), Queries.ofNobody(index.tenantField()));
    if (nobodys == 0) {
      return;
    }
    String reason =
        "The index has %s without a tenant: the field is absent, null or not indexed."
            .formatted(Units.plural(nobodys, "document"));
    String remedy = "If some are the tenant's, write its key into them before the migration.";
    switch (index.unmarked()) {
      case LEAVE -> {
        notes.leave(object(), nobodys, reason, remedy);
        notes.warn(object(), reason + " They stay behind. " + remedy);
      }
      case REFUSE ->
          notes.refuse(object(), reason, remedy + " Or leave them behind by unmarked: leave.");
    }
  }

  private String object() {
    return index.from() + "." + index.tenantField();
  }
}
