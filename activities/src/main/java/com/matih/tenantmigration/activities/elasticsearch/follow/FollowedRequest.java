package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.elasticsearch.client.WriteAlias;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.List;

/** Both clusters of a request whose indices are followed, for as long as it is open. */
record FollowedRequest(
    MigrationContext context,
    SearchCluster shared,
    SearchCluster dedicated,
    MigrationJournal journal,
    ProgressMonitor monitor)
    implements AutoCloseable {

  static FollowedRequest open(
      MigrationContext context,
      ElasticsearchClients clients,
      MigrationJournal journal,
      ProgressMonitor monitor) {
    ElasticsearchSpec spec = context.spec(ElasticsearchSpec.class);
    SearchCluster shared = clients.shared(spec, monitor);
    try {
      return new FollowedRequest(
          context, shared, clients.dedicated(spec, monitor), journal, monitor);
    } catch (RuntimeException e) {
      shared.close();
      throw e;
    }
  }

  List<ElasticsearchSpec.Index> indices() {
    return context.spec(ElasticsearchSpec.class).indices();
  }

  FollowingNotes notes(ElasticsearchSpec.Index index) {
    return new FollowingNotes(journal, context.migrationId(), index.to());
  }

  /** All indices, each with the turn to write it taken from every earlier attempt. */
  List<FollowedIndex> takeTurns() {
    return indices().stream().map(index -> FollowedIndex.open(this, index, alias(index))).toList();
  }

  /**
   * This migration's alias of an index, whatever it says.
   *
   * @throws MigrationException of type WORK_ENDED where there is none any more
   */
  WriteAlias alias(ElasticsearchSpec.Index index) {
    return WriteAlias.find(dedicated, index.to(), context.migrationId())
        .orElseThrow(() -> WriteAlias.gone(index.to()));
  }

  @Override
  public void close() {
    try (shared) {
      dedicated.close();
    }
  }
}
