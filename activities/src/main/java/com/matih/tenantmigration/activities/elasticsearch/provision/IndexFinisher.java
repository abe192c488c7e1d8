package com.matih.tenantmigration.activities.elasticsearch.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Answer;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.RealSettings;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.elasticsearch.client.WriteAlias;
import com.matih.tenantmigration.activities.elasticsearch.plan.LenientMapping;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a loaded index the settings that it has in service. */
public final class IndexFinisher {

  private static final Logger log = LoggerFactory.getLogger(IndexFinisher.class);
  private static final String PATIENCE = "60s";

  private final SearchCluster dedicated;
  private final MigrationJournal journal;

  public IndexFinisher(SearchCluster dedicated, MigrationJournal journal) {
    this.dedicated = dedicated;
    this.journal = journal;
  }

  /** Makes what was written visible, restores the settings, and waits for the index' shards. */
  public void finish(MigrationContext context, String index) {
    Indices.refresh(dedicated, index);
    restore(context, index);
    awaitShards(index);
  }

  /**
   * The same for an index that rounds go on writing to: it gets those of its settings that do not
   * change what is written.
   *
   * @param alias what it is addressed by, so that no attempt changes it that comes late
   */
  public void finishBase(MigrationContext context, String index, WriteAlias alias) {
    Indices.refresh(dedicated, index);
    noted(context, index).ifPresent(real -> alias.putSettings(real.whileFollowed()));
    awaitShards(index);
  }

  /**
   * Restores all settings of an index that was followed, which is refreshed and whose shards have
   * been waited for.
   *
   * @param alias what it is addressed by, so that no attempt changes it that comes late
   */
  public void finishFollowed(MigrationContext context, String index, WriteAlias alias) {
    noted(context, index)
        .ifPresent(
            real ->
                alias.putSettings(
                    real.afterFollowing(name -> Indices.hasPipeline(dedicated, name))));
    mappings(context, index).ifPresent(alias::addMappings);
  }

  /** Restores the settings, and what the mapping says in service, where that was noted. */
  void restore(MigrationContext context, String index) {
    Predicate<String> pipelineExists = name -> Indices.hasPipeline(dedicated, name);
    noted(context, index)
        .map(
            real ->
                switch (context.request().mode()) {
                  case ONLINE -> real.afterFollowing(pipelineExists);
                  case OFFLINE -> real.toSettings(pipelineExists);
                })
        .ifPresent(settings -> Indices.putSettings(dedicated, index, settings));
    mappings(context, index).ifPresent(mappings -> Indices.putMappings(dedicated, index, mappings));
  }

  /** The index' mappings as they are in service; empty where they are the same while loading. */
  private Optional<ObjectNode> mappings(MigrationContext context, String index) {
    return journal
        .recall(
            context.migrationId(),
            ElasticsearchNames.STORE,
            ElasticsearchNames.mappingNote(index),
            LenientMapping.class)
        .filter(mapping -> !mapping.inService().isEmpty())
        .flatMap(
            mapping ->
                Indices.find(dedicated, index)
                    .map(present -> mapping.in(present.mappings()).without("_meta")));
  }

  private Optional<RealSettings> noted(MigrationContext context, String index) {
    return journal.recall(
        context.migrationId(),
        ElasticsearchNames.STORE,
        ElasticsearchNames.settingsNote(index),
        RealSettings.class);
  }

  /** The primaries must be there; copies that no node can hold do not stop a migration. */
  private void awaitShards(String index) {
    if (health(index, "yellow", PATIENCE).path("timed_out").asBoolean()) {
      throw new MigrationException(
          FailureType.STORE_ERROR,
          "Index %s of Elasticsearch's dedicated cluster has shards that are not allocated. Look at its allocation (GET _cluster/allocation/explain)."
              .formatted(index));
    }
    boolean alone = health(index, "yellow", PATIENCE).path("number_of_data_nodes").asInt() < 2;
    if (!alone && health(index, "green", PATIENCE).path("timed_out").asBoolean()) {
      log.warn("Index {} is in service, and its replicas are still being built", index);
    }
  }

  /** An index whose health is not reached in time answers 408 with what it reached. */
  private JsonNode health(String index, String status, String patience) {
    String attempted = "wait for the shards of index " + index;
    Answer answer =
        dedicated.exchange(
            attempted,
            "GET",
            "/_cluster/health/%s?wait_for_status=%s&timeout=%s"
                .formatted(SearchCluster.encode(index), status, patience));
    return answer.status() == 408 ? answer.json() : dedicated.require(attempted, answer).json();
  }
}
