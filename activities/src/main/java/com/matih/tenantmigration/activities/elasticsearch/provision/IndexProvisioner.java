package com.matih.tenantmigration.activities.elasticsearch.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.RealSettings;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.elasticsearch.client.WriteAlias;
import com.matih.tenantmigration.activities.elasticsearch.plan.IgnoredValues;
import com.matih.tenantmigration.activities.elasticsearch.plan.IndexBlueprint;
import com.matih.tenantmigration.activities.elasticsearch.plan.LenientMapping;
import com.matih.tenantmigration.activities.elasticsearch.plan.TenantAliases;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the dedicated indices ready to be loaded, each with the alias that the copy writes through.
 *
 * <p>An index that is absent is created, after the intent was recorded; it bears the migration's
 * mark. An empty one that exists is used as it is, unless an earlier migration left it behind: the
 * shared index' mappings are put into it, its settings in service are noted, and it is never
 * dropped. Repeatable.
 */
public final class IndexProvisioner {

  private final ElasticsearchClients clients;
  private final MigrationJournal journal;

  public IndexProvisioner(ElasticsearchClients clients, MigrationJournal journal) {
    this.clients = clients;
    this.journal = journal;
  }

  /**
   * Provisions every index of the request.
   *
   * @throws MigrationException of type TARGET_NOT_EMPTY where an index holds documents that are not
   *     this migration's; WORK_ENDED where the indices were given up already
   */
  public void provision(MigrationContext context, ProgressMonitor monitor) {
    ElasticsearchSpec spec = context.spec(ElasticsearchSpec.class);
    try (SearchCluster shared = clients.shared(spec, monitor);
        SearchCluster dedicated = clients.dedicated(spec, monitor)) {
      long done = 0;
      for (ElasticsearchSpec.Index index : spec.indices()) {
        monitor.update(new Progress(done++, spec.indices().size(), "indices", index.to()));
        IndexDefinition source = Indices.source(shared, index.from());
        ObjectNode tenant = Queries.ofTenant(index.tenantField(), context.request().tenantKey());
        provision(context, index, source, IgnoredValues.find(shared, source, tenant), dedicated);
      }
    }
  }

  private void provision(
      MigrationContext context,
      ElasticsearchSpec.Index index,
      IndexDefinition source,
      Set<String> ignored,
      SearchCluster dedicated) {
    Optional<IndexDefinition> present = present(dedicated, index.to());
    if (present.isEmpty()) {
      create(context, index, source, ignored, dedicated);
    } else if (!isOurs(context, index.to(), present.get())) {
      adopt(context, index.to(), source, ignored, present.get(), dedicated);
    }
  }

  private static Optional<IndexDefinition> present(SearchCluster dedicated, String name) {
    var found = Indices.resolve(dedicated, name);
    if (found.stream().anyMatch(index -> !index.name().equals(name))) {
      throw notEmpty(name, "is an alias there");
    }
    return found.stream().findFirst();
  }

  private boolean isOurs(MigrationContext context, String name, IndexDefinition present) {
    return present.isMarkedBy(context.migrationId())
        && journal.intended(context.migrationId(), ElasticsearchNames.STORE, name);
  }

  private void create(
      MigrationContext context,
      ElasticsearchSpec.Index index,
      IndexDefinition source,
      Set<String> ignored,
      SearchCluster dedicated) {
    String migrationId = context.migrationId();
    journal.intend(migrationId, ElasticsearchNames.STORE, index.to());
    ElasticsearchNames.end(journal, migrationId).requireNotNoted();
    note(migrationId, index.to(), RealSettings.of(source));
    noteMapping(migrationId, index.to(), source, ignored);
    ObjectNode aliases =
        TenantAliases.select(source, index.to(), index.tenantField(), context, dedicated);
    WriteAlias.putProvisioned(aliases, index.to(), migrationId);
    JsonNode created =
        DurableAct.CREATE_INDEX.call(
            () ->
                dedicated.send(
                    "create index " + index.to(),
                    "PUT",
                    "/" + SearchCluster.encode(index.to()) + "?wait_for_active_shards=1",
                    IndexBlueprint.create(source, ignored, migrationId, aliases)));
    if (!created.path("shards_acknowledged").asBoolean()) {
      throw new MigrationException(
          FailureType.STORE_ERROR,
          ("Elasticsearch's %s created index %s but has not started its shards. Look"
                  + " at its allocation (GET _cluster/allocation/explain).")
              .formatted(dedicated.name(), index.to()));
    }
  }

  private void adopt(
      MigrationContext context,
      String name,
      IndexDefinition source,
      Set<String> ignored,
      IndexDefinition present,
      SearchCluster dedicated) {
    String note = ElasticsearchNames.adoptedNote(name);
    String migrationId = context.migrationId();
    boolean adopted =
        journal.recall(migrationId, ElasticsearchNames.STORE, note, String.class).isPresent();
    if (!adopted) {
      Indices.refresh(dedicated, name);
      if (Indices.count(dedicated, name, Queries.everything()) > 0) {
        throw notEmpty(name, "holds documents");
      }
      Optional<String> other = present.migrationBesides(migrationId);
      if (other.isPresent()) {
        // its settings are those for loading, which would pass for those in service
        throw notEmpty(name, "belongs to migration " + other.get());
      }
      note(migrationId, name, RealSettings.of(present));
      var unused =
          journal.remember(
              migrationId, ElasticsearchNames.STORE, note, String.class, present::uuid);
    }
    ElasticsearchNames.end(journal, migrationId).requireNotNoted();
    if (WriteAlias.of(dedicated, present, migrationId).isPresent()) {
      // prepared by an earlier try, and maybe copied or in service by now
      return;
    }
    noteMapping(migrationId, name, source, ignored);
    putMappings(dedicated, name, source, ignored);
    Indices.putSettings(dedicated, name, RealSettings.forLoading());
    WriteAlias.addProvisioned(dedicated, name, migrationId);
  }

  private void note(String migrationId, String index, RealSettings settings) {
    var unused =
        journal.remember(
            migrationId,
            ElasticsearchNames.STORE,
            ElasticsearchNames.settingsNote(index),
            RealSettings.class,
            () -> settings);
  }

  private void noteMapping(
      String migrationId, String index, IndexDefinition source, Set<String> ignored) {
    journal.put(
        migrationId,
        ElasticsearchNames.STORE,
        ElasticsearchNames.mappingNote(index),
        LenientMapping.of(source.mappings(), ignored));
  }

  /** Its own {@code _meta} stays: what it says is its owner's. */
  private static void putMappings(
      SearchCluster dedicated, String name, IndexDefinition source, Set<String> ignored) {
    ObjectNode mappings = LenientMapping.loading(source.mappings(), ignored);
    mappings.remove("_meta");
    if (!mappings.isEmpty()) {
      Indices.putMappings(dedicated, name, mappings);
    }
  }

  private static MigrationException notEmpty(String name, String why) {
    return new MigrationException(
        FailureType.TARGET_NOT_EMPTY,
        ("Index %s of Elasticsearch's dedicated cluster %s, so it is somebody else's."
                + " Name another one as the target.")
            .formatted(name, why));
  }
}
