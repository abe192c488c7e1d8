package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.elasticsearch.client.WriteAlias;
import com.matih.tenantmigration.activities.elasticsearch.compare.QuietBaseline;
import com.matih.tenantmigration.activities.elasticsearch.follow.FollowedIndex.Held;
import com.matih.tenantmigration.activities.elasticsearch.follow.FollowingNotes.DrainedIndex;
import com.matih.tenantmigration.activities.elasticsearch.provision.IndexFinisher;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Carries over the last documents when the tenant writes no more, compares them, and gives the
 * indices their settings in service.
 *
 * <p>After its round on a refreshed index the dedicated side holds at least all of the tenant's
 * documents, so equal counts prove that it holds no others. Meanwhile, documents that were deleted
 * since the last round before the fence are found by counts. Only if the numbers still differ are
 * all ids compared, until the surplus documents are found.
 */
public final class DocumentDrain {

  /** So many indices are drained at a time; each may hold a page of documents. */
  private static final int SIDE_BY_SIDE = 4;

  private final ElasticsearchClients clients;
  private final MigrationJournal journal;

  public DocumentDrain(ElasticsearchClients clients, MigrationJournal journal) {
    this.clients = clients;
    this.journal = journal;
  }

  /**
   * Drains; repeatable. An index that an earlier attempt has drained is not written again.
   *
   * @return all that moved, and what the comparison found of what was carried over
   * @throws MigrationException of type SOURCE_CHANGED where the shared index is another one now,
   *     WRITER_SUPERSEDED where a later attempt drains, WORK_ENDED where the indices are being
   *     undone
   */
  public Drained drain(MigrationContext context, ProgressMonitor monitor) {
    Finding all = new Finding();
    List<StoresSummary.Index> moved = new ArrayList<>();
    try (FollowedRequest request = FollowedRequest.open(context, clients, journal, monitor)) {
      List<ElasticsearchSpec.Index> indices = request.indices();
      List<DrainedIndex> drained = drainAll(request, indices);
      for (int i = 0; i < indices.size(); i++) {
        all.compared(drained.get(i).compared());
        drained.get(i).mismatches().forEach(all::mismatch);
        moved.add(new StoresSummary.Index(indices.get(i).to(), drained.get(i).documents()));
      }
    }
    return new Drained(StoresSummary.of(new StoresSummary.Elasticsearch(moved)), checks(all));
  }

  private List<DrainedIndex> drainAll(
      FollowedRequest request, List<ElasticsearchSpec.Index> indices) {
    if (indices.size() == 1) {
      return List.of(new Draining(request, indices.get(0)).run());
    }
    Map<Integer, DrainedIndex> drained = new ConcurrentSkipListMap<>();
    int atOnce = Math.min(SIDE_BY_SIDE, indices.size());
    try (WorkerPool pool = new WorkerPool("document-drain", atOnce, request.monitor())) {
      for (int i = 0; i < indices.size(); i++) {
        int number = i;
        pool.submit(() -> drained.put(number, new Draining(request, indices.get(number)).run()));
      }
      pool.awaitAll();
    }
    return List.copyOf(drained.values());
  }

  /** Nothing may have changed since the verification. */
  private static List<CheckResult> checks(Finding finding) {
    return finding.comparedCount() + finding.mismatchCount() == 0
        ? List.of()
        : List.of(finding.toResult(CheckName.DOCUMENT_CONTENT));
  }

  /** The drain of one index. */
  private final class Draining {

    private final FollowedRequest request;
    private final ElasticsearchSpec.Index index;
    private final FollowingNotes notes;
    private final Finding finding = new Finding();

    Draining(FollowedRequest request, ElasticsearchSpec.Index index) {
      this.request = request;
      this.index = index;
      this.notes = request.notes(index);
    }

    DrainedIndex run() {
      WriteAlias alias = request.alias(index);
      WriteAlias ended = alias.copied().isPresent() ? alias : carryOver(alias);
      tell("giving index %s its settings".formatted(index.to()));
      new IndexFinisher(request.dedicated(), journal)
          .finishFollowed(request.context(), index.to(), ended);
      return notes.drained().orElseThrow(() -> WriteAlias.gone(index.to()));
    }

    /** The shared side is read while the dedicated one is made ready, and while it is written. */
    private WriteAlias carryOver(WriteAlias alias) {
      tell("carrying over the last documents to " + index.to());
      return WorkerPool.both(
          "drain-" + index.to(),
          request.monitor(),
          this::lastPositions,
          () -> FollowedIndex.open(request, index, alias),
          this::carryOver);
    }

    private WriteAlias carryOver(ShardPositions last, FollowedIndex followed) {
      long carried =
          WorkerPool.both(
              "departed-" + index.to(),
              request.monitor(),
              followed::deleteDeparted,
              () -> followed.carryRest(last, finding),
              (departed, written) -> {
                finding.compared(departed);
                return written;
              });
      long documents = followed.sourceDocuments();
      compareCounts(documents, heldWithoutStale(followed, documents));
      tell("carried over %s to %s".formatted(Units.plural(carried, "document"), index.to()));
      notes.putDrained(
          new DrainedIndex(documents, finding.comparedCount(), finding.namedMismatches()));
      return followed.end(documents);
    }

    /**
     * How far the shared index has come, after a refresh that shows all of the tenant's writes.
     * Notes what the tenant has there; later attempts keep the first note, so that SOURCE_QUIET
     * sees every write since then.
     */
    private ShardPositions lastPositions() {
      SearchCluster shared = request.shared();
      ShardPositions earlier = notes.positions();
      Indices.refresh(shared, earlier.index());
      ShardPositions last = FollowedIndex.readPositions(shared, index, earlier);
      var unused =
          journal.remember(
              request.context().migrationId(),
              ElasticsearchNames.STORE,
              ElasticsearchNames.quietNote(index.from()),
              QuietBaseline.class,
              () ->
                  QuietBaseline.read(
                      new QuietBaseline.RefreshedIndex(
                          shared, last.index(), last.uuid(), last.shards()),
                      index.tenantField(),
                      request.context().request().tenantKey()));
      return last;
    }

    private Held heldWithoutStale(FollowedIndex followed, long documents) {
      Held held = followed.held();
      if (held.own() <= documents) {
        return held;
      }
      finding.compared(followed.deleteStale(held.own() - documents));
      return followed.held();
    }

    private void compareCounts(long documents, Held held) {
      if (held.documents() != documents) {
        finding.mismatch(
            "index %s has %s, but the tenant has %,d in the shared index"
                .formatted(index.to(), Units.plural(held.documents(), "document"), documents));
      }
      // what came since TENANT_LEAK may be another tenant's as well
      if (held.others() > 0) {
        finding.mismatch(
            "index %s has %s with another key than the tenant's in %s"
                .formatted(
                    index.to(), Units.plural(held.others(), "document"), index.tenantField()));
      }
    }

    private void tell(String doing) {
      request.monitor().update(new Progress(finding.comparedCount(), -1, "documents", doing));
    }
  }
}
