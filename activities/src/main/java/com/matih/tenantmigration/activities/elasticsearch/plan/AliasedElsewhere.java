package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.engine.AskedToStop;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks where else on the shared cluster the aliases lead that move with the indices: an alias that
 * is written to through one index and read through all of them would show less on the dedicated
 * side.
 */
final class AliasedElsewhere {

  private final SearchCluster shared;
  private final Map<ElasticsearchSpec.Index, IndexDefinition> sources;
  private final String tenantKey;
  private final PlanNotes notes;

  /**
   * About all indices of a request.
   *
   * @param sources what they are on the shared cluster
   */
  AliasedElsewhere(
      SearchCluster shared,
      Map<ElasticsearchSpec.Index, IndexDefinition> sources,
      String tenantKey,
      PlanNotes notes) {
    this.shared = shared;
    this.sources = sources;
    this.tenantKey = tenantKey;
    this.notes = notes;
  }

  void leaveBehind() {
    Map<String, String> tenantFields = new TreeMap<>();
    sources.forEach(
        (index, source) ->
            source
                .aliases()
                .properties()
                .forEach(
                    alias -> {
                      if (TenantAliases.isMigrated(
                          alias.getValue(), index.tenantField(), tenantKey)) {
                        tenantFields.put(alias.getKey(), index.tenantField());
                      }
                    }));
    tenantFields.forEach(this::look);
  }

  private void look(String alias, String tenantField) {
    try {
      Set<String> moving =
          Set.copyOf(sources.values().stream().map(IndexDefinition::name).toList());
      List<String> others =
          Indices.resolve(shared, alias).stream()
              .map(IndexDefinition::name)
              .filter(name -> !moving.contains(name))
              .sorted()
              .toList();
      long documents =
          others.stream()
              .mapToLong(
                  name -> Indices.count(shared, name, Queries.ofTenant(tenantField, tenantKey)))
              .sum();
      if (documents > 0) {
        notes.leave(
            alias,
            documents,
            "The alias also leads to %s, which the request does not name, with %s of the tenant that it will not show on the dedicated cluster."
                .formatted(MappingDifferences.text(others), Units.plural(documents, "document")),
            "Add these indices to the request, or expect the alias to show only those that move.");
      }
    } catch (MigrationException e) {
      AskedToStop.rethrowUnlessFinding(e);
      notes.leaveUncounted(
          alias,
          "The alias may also lead to indices that are not in the request, whose documents of the tenant could not be counted: %s"
              .formatted(e.getMessage()),
          "Look where the alias leads, and add to the request what else holds documents of the tenant.");
    }
  }
}
