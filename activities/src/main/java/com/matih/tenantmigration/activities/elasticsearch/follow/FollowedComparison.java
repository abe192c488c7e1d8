package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.matih.tenantmigration.activities.elasticsearch.client.DocumentReader;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.Hit;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.PointInTime;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.plan.FieldPresence;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Compares the tenant's documents of both sides while the tenant writes, shard by shard: after a
 * round, each document of the shared index whose last write is carried over must be the same in the
 * dedicated one.
 *
 * <p>What was written later is left to a later round, each of which compares what it carries over
 * from here on. Documents that the dedicated index alone has were deleted meanwhile, and are
 * deleted there too.
 */
final class FollowedComparison {

  private static final int SLICES = 4;

  private final ElasticsearchClients clients;
  private final MigrationJournal journal;

  FollowedComparison(ElasticsearchClients clients, MigrationJournal journal) {
    this.clients = clients;
    this.journal = journal;
  }

  /** Not applicable where both sides are empty. */
  Finding compare(MigrationContext context, ProgressMonitor monitor) {
    Finding finding = new Finding();
    try (FollowedRequest request = FollowedRequest.open(context, clients, journal, monitor)) {
      // what a round carries over from now on is compared by it
      request.indices().forEach(index -> request.notes(index).putCompared());
      List<FollowedIndex> indices = request.takeTurns();
      for (FollowedIndex index : indices) {
        new Comparison(request, index, finding).run();
      }
      catchUp(indices, finding);
      indices.forEach(index -> nameLostFields(request, index, finding));
      indices.forEach(FollowedIndex::leave);
    }
    return finding.comparedCount() == 0 && finding.mismatchCount() == 0
        ? Finding.notApplicable("the tenant has no documents on either side")
        : finding;
  }

  /** The comparison may have taken long, and the drain should find little. */
  private static void catchUp(List<FollowedIndex> indices, Finding finding) {
    boolean isClose = finding.mismatchCount() > 0;
    while (!isClose) {
      long begun = System.nanoTime();
      long documents = 0;
      for (FollowedIndex index : indices) {
        documents += round(index, finding);
      }
      isClose =
          finding.mismatchCount() > 0
              || CaughtUp.after(documents, Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  /**
   * Names fields that no document has any more. The tenant may write the first document that has
   * one at this moment: then a further round brings it.
   */
  private static void nameLostFields(
      FollowedRequest request, FollowedIndex index, Finding finding) {
    List<String> lost = lostFields(request, index);
    for (int again = 0; !lost.isEmpty() && again < 2; again++) {
      var unusedRound = round(index, finding);
      lost = lostFields(request, index);
    }
    lost.forEach(field -> finding.mismatch(FieldPresence.mismatch(index.spec().to(), field)));
  }

  private static List<String> lostFields(FollowedRequest request, FollowedIndex index) {
    String source = index.positions().index();
    Indices.refresh(request.shared(), source);
    Indices.refresh(request.dedicated(), index.spec().to());
    return new FieldPresence(index.tenant())
        .lost(
            request.shared(),
            source,
            request.dedicated(),
            index.spec().to(),
            Indices.source(request.shared(), source).mappings());
  }

  /** What a round finds counts; what it compared is not one of the documents compared in full. */
  private static long round(FollowedIndex index, Finding finding) {
    Finding ofRound = new Finding();
    long documents = index.round(ofRound);
    ofRound.namedMismatches().forEach(finding::mismatch);
    return documents;
  }

  /** The comparison of one index. */
  private static final class Comparison {

    private final FollowedRequest request;
    private final FollowedIndex index;
    private final ElasticsearchSpec.Index spec;
    private final Finding finding;
    private final AtomicLong compared = new AtomicLong();

    Comparison(FollowedRequest request, FollowedIndex index, Finding finding) {
      this.request = request;
      this.index = index;
      this.spec = index.spec();
      this.finding = finding;
    }

    void run() {
      int shards = index.positions().shards();
      for (int shard = 0; shard < shards; shard++) {
        var unusedRound = round(index, finding);
        compareShard(shard, index.positions());
      }
      var unusedRound = round(index, finding);
      var unused = index.deleteStale(Long.MAX_VALUE);
      nameForeign();
    }

    private void compareShard(int shard, ShardPositions at) {
      long upTo = at.checkpoints().get(shard);
      try (PointInTime pointInTime = PointInTime.openShard(request.shared(), at.index(), shard)) {
        List<Function<ProgressMonitor, Long>> slices = new ArrayList<>();
        for (int slice = 0; slice < SLICES; slice++) {
          DocumentReader reader =
              new DocumentReader(pointInTime, index.tenant(), true, slice, SLICES);
          slices.add(own -> compareSlice(reader, upTo, own));
        }
        var unused = WorkerPool.callAll("compare-" + spec.to(), request.monitor(), slices);
      }
    }

    private long compareSlice(DocumentReader reader, long upTo, ProgressMonitor own) {
      long documents = 0;
      for (var page = reader.next(); page.isPresent(); page = reader.next()) {
        reader.payForShared(page.get(), own);
        List<Hit> carried =
            page.get().hits().stream().filter(hit -> hit.sequenceNumber() <= upTo).toList();
        if (!carried.isEmpty()) {
          index.compare(carried, finding);
        }
        documents += carried.size();
        request
            .monitor()
            .update(
                new Progress(
                    compared.addAndGet(carried.size()), -1, "documents", "comparing " + spec.to()));
      }
      return documents;
    }

    /** No round writes such a document, nor deletes it. */
    private void nameForeign() {
      Indices.refresh(request.dedicated(), spec.to());
      long foreign =
          Indices.count(
              request.dedicated(),
              spec.to(),
              Queries.notOfTenantAlone(
                  spec.tenantField(), request.context().request().tenantKey()));
      if (foreign > 0) {
        finding.mismatch(
            "index %s has %s without the tenant's key"
                .formatted(spec.to(), Units.plural(foreign, "document")));
      }
    }
  }
}
