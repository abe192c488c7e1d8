package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;

/**
 * Counts the documents of a shared index whose owner is in doubt: those that have the key in
 * another spelling, those of several tenants, and those of none.
 */
final class TenantOwnership {

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
    long several =
        Indices.count(
            shared, source.name(), Queries.ofSeveralTenants(index.tenantField(), tenantKey));
    if (several > 0) {
      notes.refuse(
          object(),
          "The index has %s of the tenant with another tenant's key beside its own (an array)."
              .formatted(Units.plural(several, "document")),
          "Give each tenant a document of its own, and start the migration again.");
    }
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
