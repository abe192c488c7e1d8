package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.matih.tenantmigration.activities.elasticsearch.client.BulkWriter;
import com.matih.tenantmigration.activities.elasticsearch.client.DocumentLookup;
import com.matih.tenantmigration.activities.elasticsearch.client.Hit;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes documents as they are in the shared index, also where the dedicated one has a higher
 * version: a document that was deleted, forgotten, and written again begins anew at version 1.
 *
 * <p>No version can be lowered, so such a document is deleted first. The dedicated index forgets
 * deletions at once while it is followed ({@code gc_deletes}), and then takes any version.
 */
final class CarriedDocuments {

  private static final int TRIES = 30;

  /** A cluster's clock for deletions moves five times a second. */
  private static final Duration UNTIL_FORGOTTEN = Duration.ofMillis(250);

  private final SearchCluster dedicated;
  private final String index;
  private final String alias;
  private final ProgressMonitor monitor;

  CarriedDocuments(SearchCluster dedicated, String index, String alias, ProgressMonitor monitor) {
    this.dedicated = dedicated;
    this.index = index;
    this.alias = alias;
    this.monitor = monitor;
  }

  /** Writes the documents; each is there, as it was read, when this returns. */
  void write(List<Hit> hits) {
    List<Hit> higher = index(hits);
    for (int attempt = 1; !higher.isEmpty(); attempt++) {
      if (attempt > TRIES) {
        throw new MigrationException(
            FailureType.STORE_ERROR,
            "Document %s of index %s of Elasticsearch's %s keeps a higher version than it has in the shared index. Find out who else writes to the index."
                .formatted(higher.get(0).id(), index, dedicated.name()));
      }
      deleteHigher(higher);
      monitor.pause(UNTIL_FORGOTTEN);
      higher = index(higher);
    }
  }

  private List<Hit> index(List<Hit> hits) {
    List<Hit> higher = new ArrayList<>();
    BulkWriter.indexing(dedicated, index, alias, monitor, higher::add).write(hits);
    return higher;
  }

  private void deleteHigher(List<Hit> wanted) {
    List<Hit> present = DocumentLookup.findPlaces(dedicated, index, wanted);
    List<Hit> higher = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      if (present.get(i).isFound() && present.get(i).version() > wanted.get(i).version()) {
        higher.add(present.get(i));
      }
    }
    delete(higher);
  }

  /** Deletes documents where they are still as they were read. */
  void delete(List<Hit> hits) {
    if (!hits.isEmpty()) {
      // what has changed is looked at again
      BulkWriter.deletingUnchanged(dedicated, index, alias, monitor, changed -> {}).write(hits);
    }
  }
}
