package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Answer;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchFailures;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import java.util.Optional;
import java.util.Set;

/**
 * Asks the dedicated cluster whether it takes an index' settings and mappings, without creating
 * anything: it simulates an index template, for which it builds the analyzers and counts the fields
 * as for an index. So it names a limit, a file of the node or a plugin that stands in the way.
 */
final class CreationTrial {

  /** An unlikely one: a template of the same priority and pattern would be a conflict. */
  private static final int PRIORITY = 2_071_828_459;

  private final SearchCluster dedicated;
  private final String name;
  private final String migrationId;
  private final PlanNotes notes;

  CreationTrial(SearchCluster dedicated, String name, String migrationId, PlanNotes notes) {
    this.dedicated = dedicated;
    this.name = name;
    this.migrationId = migrationId;
    this.notes = notes;
  }

  /** Refuses a shared index that the cluster would not create. */
  void judge(IndexDefinition source) {
    attempt(source)
        .ifPresent(
            reason ->
                notes.refuse(
                    name,
                    "The dedicated cluster does not take the settings and mappings of the shared index %s (%s)."
                        .formatted(source.name(), reason),
                    "Correct them in the shared index, give the dedicated cluster's nodes the plugin or"
                        + " file that they need, or leave the index out."));
  }

  /** Refuses an existing index whose settings do not allow the shared index' mapping. */
  void judge(IndexDefinition source, IndexDefinition existing) {
    IndexDefinition filled =
        new IndexDefinition(name, existing.settings(), source.mappings(), Json.object(), false);
    attempt(filled)
        .ifPresent(
            reason ->
                notes.refuse(
                    name,
                    "The index exists on the dedicated cluster, and does not take the mapping of the shared index %s (%s)."
                        .formatted(source.name(), reason),
                    TargetRules.RECREATE));
  }

  /** Why the cluster would not take it. */
  private Optional<String> attempt(IndexDefinition index) {
    ObjectNode content = IndexBlueprint.create(index, Set.of(), migrationId, Json.object());
    if (content.at("/settings/index") instanceof ObjectNode settings) {
      // a template is checked as if its index had a single shard
      settings.remove("routing_partition_size");
    }
    ObjectNode template = Json.object();
    // a name that is nobody's, since templates may match the index' own
    template.putArray("index_patterns").add(ElasticsearchNames.writeAlias(name, migrationId));
    template.put("priority", PRIORITY);
    template.set("template", content);
    Answer answer =
        dedicated.exchange(
            "check the settings and mappings of index " + name,
            "POST",
            "/_index_template/_simulate",
            template);
    // who may not manage templates is told by TargetTemplates
    return answer.status() == 400
        ? Optional.of(ElasticsearchFailures.reason(answer))
        : Optional.empty();
  }
}
