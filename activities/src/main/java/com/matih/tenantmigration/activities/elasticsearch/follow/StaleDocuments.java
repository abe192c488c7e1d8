package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.DocumentReader;
import com.matih.tenantmigration.activities.elasticsearch.client.Hit;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.PointInTime;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.elasticsearch.compare.KnownDocuments;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Finds and deletes the documents that the tenant no longer has in the shared index: they were
 * deleted there, or given to another tenant, which leaves no trace among the writes.
 *
 * <p>A document of the dedicated index was visible in the shared one when it was carried over.
 * Where it is no longer, it is gone; and where it comes again, that is a later write than all that
 * are carried over, so the next round brings it back.
 */
final class StaleDocuments {

  private static final int SLICES = 4;

  private final SearchCluster dedicated;
  private final String index;
  private final ObjectNode tenant;
  private final KnownDocuments known;
  private final ProgressMonitor monitor;

  /**
   * The documents of a dedicated index.
   *
   * @param tenant the query for the tenant's documents
   * @param known looks them up in the shared index
   */
  StaleDocuments(
      SearchCluster dedicated,
      String index,
      ObjectNode tenant,
      KnownDocuments known,
      ProgressMonitor monitor) {
    this.dedicated = dedicated;
    this.index = index;
    this.tenant = tenant;
    this.known = known;
    this.monitor = monitor;
  }

  /**
   * Deletes them; those of other tenants are not looked at, for they would be a fault.
   *
   * @param most ends the search when so many are found
   * @return how many were found
   */
  long delete(String alias, long most) {
    Indices.refresh(dedicated, index);
    AtomicLong looked = new AtomicLong();
    AtomicLong found = new AtomicLong();
    try (PointInTime pointInTime = PointInTime.open(dedicated, index)) {
      List<Function<ProgressMonitor, Long>> slices = new ArrayList<>();
      for (int slice = 0; slice < SLICES; slice++) {
        DocumentReader reader =
            new DocumentReader(pointInTime, tenant.deepCopy(), false, slice, SLICES);
        slices.add(
            own -> {
              CarriedDocuments documents = new CarriedDocuments(dedicated, index, alias, own);
              for (var page = reader.next();
                  page.isPresent() && found.get() < most;
                  page = reader.next()) {
                List<Hit> stale = known.unknown(page.get().hits());
                documents.delete(stale);
                found.addAndGet(stale.size());
                monitor.update(
                    new Progress(
                        looked.addAndGet(page.get().hits().size()),
                        -1,
                        "documents",
                        "looking for documents of %s that were deleted".formatted(index)));
              }
              return found.get();
            });
      }
      var unused = WorkerPool.callAll("stale-" + index, monitor, slices);
    }
    return found.get();
  }
}
