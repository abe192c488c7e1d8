package com.matih.tenantmigration.activities.elasticsearch.provision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Answer;
import com.matih.tenantmigration.activities.elasticsearch.client.BulkWriter;
import com.matih.tenantmigration.activities.elasticsearch.client.DocumentReader;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.client.Hit;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.PointInTime;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.RealSettings;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.elasticsearch.client.WriteAlias;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Undoes what a migration did to the dedicated cluster: first the alias goes, and with it a late
 * writer's right to write; then the index is deleted where it is ours, emptied where it was there
 * before, and left where it is somebody else's. Before each portion the {@link RemovalGuard} proves
 * that no tenant is served from it. Repeatable.
 */
public final class IndexRemover {

  private static final int ROUNDS = 20;
  private static final Duration LATE_WRITES = Duration.ofMillis(300);

  private final ElasticsearchClients clients;
  private final MigrationJournal journal;
  private final RemovalGuard guard;

  public IndexRemover(ElasticsearchClients clients, MigrationJournal journal, RemovalGuard guard) {
    this.clients = clients;
    this.journal = journal;
    this.guard = guard;
  }

  /**
   * Removes the aliases that the copy wrote through, and the migration's mark, after the cutover.
   */
  public void removeWriteAliases(MigrationContext context, ProgressMonitor monitor) {
    ElasticsearchSpec spec = context.spec(ElasticsearchSpec.class);
    ElasticsearchNames.end(journal, context.migrationId()).note();
    try (SearchCluster dedicated = clients.dedicated(spec, monitor)) {
      for (ElasticsearchSpec.Index index : spec.indices()) {
        WriteAlias.remove(dedicated, index.to(), context.migrationId());
        removeMark(dedicated, index.to(), context.migrationId());
      }
    }
  }

  /** What else the mapping's {@code _meta} says stays. */
  private static void removeMark(SearchCluster dedicated, String name, String migrationId) {
    Optional<IndexDefinition> present = Indices.find(dedicated, name);
    if (present.isPresent() && present.get().isMarkedBy(migrationId)) {
      ObjectNode mappings = Json.object();
      mappings.set(
          "_meta",
          ((ObjectNode) present.get().mappings().path("_meta"))
              .deepCopy()
              .without(IndexDefinition.MARK));
      var unused =
          dedicated.send(
              "remove the migration's mark from index " + name,
              "PUT",
              "/" + SearchCluster.encode(name) + "/_mapping",
              mappings);
    }
  }

  /**
   * Deletes or empties this migration's indices. One that cannot be undone does not keep the others
   * from it.
   *
   * @throws MigrationException the first failure, after all were tried
   */
  public RollbackStep deleteIndices(MigrationContext context, ProgressMonitor monitor) {
    ElasticsearchSpec spec = context.spec(ElasticsearchSpec.class);
    ElasticsearchNames.end(journal, context.migrationId()).note();
    List<String> done = new ArrayList<>();
    List<String> left = new ArrayList<>();
    MigrationException failure = null;
    try (SearchCluster dedicated = clients.dedicated(spec, monitor)) {
      for (ElasticsearchSpec.Index index : spec.indices()) {
        try {
          undo(context, dedicated, index.to(), monitor, done, left);
        } catch (MigrationException e) {
          failure = first(failure, e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return step(done, left);
  }

  private static MigrationException first(
      @Nullable MigrationException earlier, MigrationException e) {
    return earlier == null ? e : earlier;
  }

  private static RollbackStep step(List<String> done, List<String> left) {
    List<String> sentences = new ArrayList<>(done);
    sentences.addAll(left);
    String message =
        sentences.isEmpty() ? "No index was created." : String.join("; ", sentences) + ".";
    return new RollbackStep(
        Compensation.DELETE_INDICES.name(),
        done.isEmpty() ? RollbackStep.Status.NOT_NEEDED : RollbackStep.Status.DONE,
        message);
  }

  private void undo(
      MigrationContext context,
      SearchCluster dedicated,
      String name,
      ProgressMonitor monitor,
      List<String> done,
      List<String> left) {
    String migrationId = context.migrationId();
    String what = "index " + name;
    guard.remove(context, what, () -> WriteAlias.remove(dedicated, name, migrationId));
    Optional<IndexDefinition> present = findSettled(dedicated, name, migrationId);
    if (present.isEmpty()) {
      return;
    }
    if (present.get().isMarkedBy(migrationId)
        && journal.intended(migrationId, ElasticsearchNames.STORE, name)) {
      guard.remove(context, what, () -> delete(dedicated, name));
      done.add("index %s deleted".formatted(name));
    } else if (isAdopted(migrationId, present.get())) {
      if (context.request().mode() == Mode.ONLINE) {
        guard.remove(
            context, what, () -> Indices.putSettings(dedicated, name, RealSettings.forFollowing()));
      }
      long documents = empty(context, dedicated, name, monitor);
      guard.remove(
          context, what, () -> new IndexFinisher(dedicated, journal).restore(context, name));
      done.add(
          "index %s, which existed before, emptied of %s"
              .formatted(name, Units.plural(documents, "document")));
    } else {
      left.add("index %s is not this migration's and was left".formatted(name));
    }
  }

  /** A create that was cancelled may wait for its turn in the cluster still. */
  private Optional<IndexDefinition> findSettled(
      SearchCluster dedicated, String name, String migrationId) {
    Optional<IndexDefinition> present = Indices.find(dedicated, name);
    if (present.isEmpty() && journal.intended(migrationId, ElasticsearchNames.STORE, name)) {
      // the answer may be that this takes longer, or that the user may not ask
      var unused =
          dedicated.exchange(
              "wait for pending changes",
              "GET",
              "/_cluster/health?wait_for_events=languid&timeout=20s");
      return Indices.find(dedicated, name);
    }
    return present;
  }

  private boolean isAdopted(String migrationId, IndexDefinition present) {
    return journal
        .recall(
            migrationId,
            ElasticsearchNames.STORE,
            ElasticsearchNames.adoptedNote(present.name()),
            String.class)
        .filter(present.uuid()::equals)
        .isPresent();
  }

  private static void delete(SearchCluster dedicated, String name) {
    String attempted = "delete index " + name;
    Answer answer =
        DurableAct.DELETE_INDEX.call(
            () -> dedicated.exchange(attempted, "DELETE", "/" + SearchCluster.encode(name)));
    if (!answer.isMissing()) {
      dedicated.require(attempted, answer);
    }
  }

  /** Empties until nothing came in between two looks: a last request may have been on its way. */
  private long empty(
      MigrationContext context, SearchCluster dedicated, String name, ProgressMonitor monitor) {
    BulkWriter writer = BulkWriter.deleting(dedicated, name, monitor);
    long deleted = 0;
    boolean wasEmpty = false;
    for (int round = 0; round < ROUNDS; round++) {
      long found = deleteOnce(context, dedicated, name, writer);
      deleted += found;
      if (found == 0 && wasEmpty) {
        return deleted;
      }
      wasEmpty = found == 0;
      monitor.pause(LATE_WRITES);
    }
    throw new MigrationException(
        FailureType.STORE_ERROR,
        ("Index %s of Elasticsearch's dedicated cluster does not stay empty: somebody"
                + " else writes to it. Stop them.")
            .formatted(name));
  }

  private long deleteOnce(
      MigrationContext context, SearchCluster dedicated, String name, BulkWriter writer) {
    Indices.refresh(dedicated, name);
    long found = 0;
    try (PointInTime pointInTime = PointInTime.open(dedicated, name)) {
      DocumentReader reader = new DocumentReader(pointInTime, Queries.everything(), false);
      for (var page = reader.next(); page.isPresent(); page = reader.next()) {
        List<Hit> hits = page.get().hits();
        guard.remove(context, "index " + name, () -> writer.write(hits));
        found += hits.size();
      }
    }
    return found;
  }
}
