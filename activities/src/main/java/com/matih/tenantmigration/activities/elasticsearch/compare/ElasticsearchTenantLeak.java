package com.matih.tenantmigration.activities.elasticsearch.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.TenantLeakProbe;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;

/** Looks in the dedicated indices for documents of another tenant, also beside ours, or of none. */
public final class ElasticsearchTenantLeak implements TenantLeakProbe {

  private final ElasticsearchClients clients;

  public ElasticsearchTenantLeak(SecretResolver secrets) {
    this.clients = new ElasticsearchClients(secrets);
  }

  @Override
  public Finding findForeign(MigrationContext context, ProgressMonitor monitor) {
    ElasticsearchSpec spec = context.spec(ElasticsearchSpec.class);
    Finding finding = new Finding();
    try (SearchCluster dedicated = clients.dedicated(spec, monitor)) {
      for (ElasticsearchSpec.Index index : spec.indices()) {
        Indices.find(dedicated, index.to())
            .ifPresent(present -> look(context, index, present, dedicated, finding));
      }
    }
    return finding.comparedCount() == 0
        ? Finding.notApplicable("the dedicated indices hold no documents")
        : finding;
  }

  private static void look(
      MigrationContext context,
      ElasticsearchSpec.Index index,
      IndexDefinition present,
      SearchCluster dedicated,
      Finding finding) {
    Indices.refresh(dedicated, index.to());
    finding.compared(Indices.count(dedicated, index.to(), Queries.everything()));
    ObjectNode search = Json.object();
    search.set(
        "query", Queries.notOfTenantAlone(index.tenantField(), context.request().tenantKey()));
    search.put("size", Math.min(CheckResult.NAMED_MISMATCHES, present.resultWindow()));
    search.put("_source", false);
    search.put("track_total_hits", true);
    JsonNode hits =
        dedicated
            .send(
                "look for foreign documents in index " + index.to(),
                "POST",
                "/%s/_search?allow_partial_search_results=false"
                    .formatted(SearchCluster.encode(index.to())),
                search)
            .path("hits");
    long foreign = hits.path("total").path("value").asLong();
    for (JsonNode hit : hits.path("hits")) {
      finding.mismatch(
          "elasticsearch document %s/%s is not the tenant's"
              .formatted(index.to(), hit.path("_id").asText("")));
    }
    for (long i = hits.path("hits").size(); i < foreign; i++) {
      finding.mismatch(
          "another document of elasticsearch %s is not the tenant's".formatted(index.to()));
    }
  }
}
