package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.DocumentLookup;
import com.matih.tenantmigration.activities.elasticsearch.client.DocumentReader;
import com.matih.tenantmigration.activities.elasticsearch.client.Hit;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.elasticsearch.client.WriteAlias;
import com.matih.tenantmigration.activities.elasticsearch.compare.DocumentPair;
import com.matih.tenantmigration.activities.elasticsearch.compare.KnownDocuments;
import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * One index whose documents are followed in rounds, by the attempt whose turn it is.
 *
 * <p>A round takes the documents whose last write is later than what is carried over. After it the
 * dedicated index holds each of the tenant's documents that had its last write up to the round's
 * {@linkplain ShardPositions positions} as it was then, and besides them only such as were deleted
 * or changed since.
 */
final class FollowedIndex {

  /** Fewer writes of all tenants are read shard by shard, more of them side by side. */
  private static final long MANY_WRITES = 20_000;

  private final ElasticsearchSpec.Index spec;
  private final String tenantKey;
  private final SearchCluster shared;
  private final SearchCluster dedicated;
  private final FollowingNotes notes;
  private final ProgressMonitor monitor;
  private final Attempt attempt;
  private final WriteAlias alias;
  private final MappingUpdates mappings;
  private final boolean compares;
  private final KnownDocuments known;

  private FollowedIndex(
      FollowedRequest request, ElasticsearchSpec.Index spec, Attempt attempt, WriteAlias alias) {
    this.spec = spec;
    this.tenantKey = request.context().request().tenantKey();
    this.shared = request.shared();
    this.dedicated = request.dedicated();
    this.notes = request.notes(spec);
    this.monitor = request.monitor();
    this.attempt = attempt;
    this.alias = alias;
    this.mappings = new MappingUpdates(shared, notes.positions().index(), alias, notes);
    this.compares = notes.isCompared();
    this.known = new KnownDocuments(shared, notes.positions().index(), tenant());
  }

  /** Takes the turn to write from every earlier attempt. */
  static FollowedIndex open(
      FollowedRequest request, ElasticsearchSpec.Index spec, WriteAlias alias) {
    Attempt attempt = request.monitor().attempt();
    return new FollowedIndex(
        request, spec, attempt, WriteTurn.take(spec.to(), alias, attempt, request.notes(spec)));
  }

  /** Notes that this attempt writes no more, and that each of its writes was answered. */
  void leave() {
    notes.putLeft(attempt);
  }

  /** How much of the shared index a round takes. */
  private enum Extent {
    /** What all copies of a shard have and keep; the rest is the next round's. */
    KEPT,
    /** All that is visible: the tenant writes no more. */
    ALL
  }

  /**
   * Carries over what was written since the last round, and compares it where all documents were
   * compared before. Where something is not the same, the next attempt carries it over again.
   *
   * @param finding takes what was compared
   * @return how many documents were carried over
   */
  long round(Finding finding) {
    ShardPositions earlier = notes.positions();
    ShardPositions now = readPositions(shared, spec, earlier);
    if (now.equals(earlier)) {
      return 0;
    }
    Indices.refresh(shared, now.index());
    return carry(Extent.KEPT, earlier, now, ofIndex(now), finding);
  }

  /**
   * Carries over all that the shared index shows when the tenant writes no more. The next attempt
   * carries it over again.
   *
   * @param now read after the refresh that shows the tenant's last write
   */
  long carryRest(ShardPositions now, Finding finding) {
    return carry(Extent.ALL, notes.positions(), now, ofIndex(now), finding);
  }

  private ShardSource ofIndex(ShardPositions now) {
    return (shard, query) -> DocumentReader.ofShard(shared, now.index(), shard, query);
  }

  /**
   * A round after which it is kept what the shared index shows, so that the drain finds at once
   * what was deleted since. All that the dedicated index has then is shown there: what this round
   * carries over is read from there, and of the rest, what was deleted before is deleted. Whether
   * that is so the counts say, as both are of one moment.
   *
   * @return how many documents were carried over
   */
  long lastRound(Finding finding) {
    ShardPositions earlier = notes.positions();
    Indices.refresh(shared, earlier.index());
    try (SharedView before = SharedView.open(shared, earlier)) {
      ShardPositions now = readPositions(shared, spec, earlier);
      Indices.refresh(shared, now.index());
      return lastRound(before, earlier, now, SharedView.open(shared, now), finding);
    }
  }

  private long lastRound(
      SharedView before,
      ShardPositions earlier,
      ShardPositions now,
      SharedView view,
      Finding finding) {
    try {
      long documents =
          carry(
              Extent.KEPT,
              earlier,
              now,
              (shard, query) -> DocumentReader.ofShard(view.shard(shard), query, true),
              finding);
      var unusedDeparted = deleteDeparted(before);
      if (hasMoreThan(view)) {
        var unusedStale = deleteStale(Long.MAX_VALUE);
      }
      notes.view().ifPresent(old -> SharedView.of(shared, old).close());
      notes.putView(view.kept());
      return documents;
    } catch (RuntimeException e) {
      view.close();
      throw e;
    }
  }

  /**
   * How far the shared index has come.
   *
   * @throws MigrationException of type SOURCE_CHANGED where it is not the one that was followed
   */
  static ShardPositions readPositions(
      SearchCluster shared, ElasticsearchSpec.Index spec, ShardPositions earlier) {
    ShardPositions now = ShardPositions.read(shared, spec.from());
    now.requireSameIndex(earlier);
    return now;
  }

  /** Reads a shard's documents that match a query. */
  private interface ShardSource {
    DocumentReader reader(int shard, ObjectNode query);
  }

  private long carry(
      Extent extent,
      ShardPositions earlier,
      ShardPositions now,
      ShardSource source,
      Finding finding) {
    mappings.due();
    AtomicLong carried = new AtomicLong();
    List<Function<ProgressMonitor, Long>> shards = new ArrayList<>();
    for (int shard = 0; shard < now.shards(); shard++) {
      long after = now.carriedUpTo(shard, earlier);
      long upTo = extent == Extent.ALL ? Long.MAX_VALUE : now.checkpoints().get(shard);
      if (after < upTo) {
        DocumentReader reader =
            source.reader(shard, Queries.ofTenant(spec.tenantField(), tenantKey, after, upTo));
        shards.add(own -> carry(reader, carried, finding, own));
      }
    }
    if (extent == Extent.ALL || now.writesSince(earlier) > MANY_WRITES) {
      var unused = WorkerPool.callAll("follow-" + spec.to(), monitor, shards);
    } else {
      shards.forEach(
          shard -> {
            var unused = shard.apply(monitor);
          });
    }
    if (extent == Extent.KEPT && finding.mismatchCount() == 0) {
      notes.putPositions(now);
    }
    return carried.get();
  }

  private long carry(
      DocumentReader reader, AtomicLong carried, Finding finding, ProgressMonitor own) {
    CarriedDocuments documents = new CarriedDocuments(dedicated, spec.to(), alias.name(), own);
    for (var page = reader.next(); page.isPresent(); page = reader.next()) {
      reader.payForShared(page.get(), own);
      List<Hit> hits = page.get().hits();
      mappings.apply();
      documents.write(hits);
      if (compares) {
        compare(hits, finding);
      }
      monitor.update(
          new Progress(
              carried.addAndGet(hits.size()), -1, "documents", "carrying over to " + spec.to()));
    }
    return carried.get();
  }

  /** Compares documents as they were read from the shared index with those of the dedicated one. */
  void compare(List<Hit> expected, Finding finding) {
    List<Hit> actual = DocumentLookup.find(dedicated, spec.to(), expected);
    for (int i = 0; i < expected.size(); i++) {
      String name = "document %s/%s ".formatted(spec.to(), expected.get(i).id());
      DocumentPair.difference(expected.get(i), actual.get(i))
          .ifPresent(difference -> finding.mismatch(name + difference));
    }
    finding.compared(expected.size());
  }

  /** Whether both sides have the same number of the tenant's documents, as of this moment. */
  boolean hasEqualCounts() {
    return documentsBeyond() == 0;
  }

  /** Whether the dedicated index has documents that the shared one did not show. */
  private boolean hasMoreThan(SharedView view) {
    Indices.refresh(dedicated, spec.to());
    OptionalLong shown = view.count(tenant());
    return shown.isPresent() && count(dedicated, spec.to()) > shown.getAsLong();
  }

  /** How many documents the dedicated index has beyond the shared one; negative where it lacks. */
  long documentsBeyond() {
    Indices.refresh(dedicated, spec.to());
    return count(dedicated, spec.to()) - count(shared, notes.positions().index());
  }

  /** How many documents the tenant has in the shared index, as far as that is refreshed. */
  long sourceDocuments() {
    return count(shared, notes.positions().index());
  }

  /**
   * What the dedicated index holds.
   *
   * @param documents all of them
   * @param own those that have the tenant's key
   * @param others those that have another key as well, or none
   */
  record Held(long documents, long own, long others) {}

  /** Counts what the dedicated index holds, after a refresh. */
  Held held() {
    Indices.refresh(dedicated, spec.to());
    ObjectNode search = Json.object().put("size", 0).put("track_total_hits", true);
    ObjectNode counts = search.putObject("aggs");
    counts.putObject("own").set("filter", tenant());
    counts
        .putObject("others")
        .set("filter", Queries.notOfTenantAlone(spec.tenantField(), tenantKey));
    JsonNode answer =
        dedicated.send(
            "count the documents of index " + spec.to(),
            "POST",
            "/%s/_search?allow_partial_search_results=false"
                .formatted(SearchCluster.encode(spec.to())),
            search);
    return new Held(
        answer.at("/hits/total/value").asLong(),
        answer.at("/aggregations/own/doc_count").asLong(),
        answer.at("/aggregations/others/doc_count").asLong());
  }

  private long count(SearchCluster cluster, String index) {
    return Indices.count(cluster, index, tenant());
  }

  /**
   * Deletes what the tenant no longer has in the shared index of what was there in the {@linkplain
   * #lastRound last round}; nothing where that is not kept any more.
   *
   * @return how many documents were found
   */
  long deleteDeparted() {
    return notes
        .view()
        .map(
            kept -> {
              try (SharedView before = SharedView.of(shared, kept)) {
                return deleteDeparted(before);
              }
            })
        .orElse(0L);
  }

  private long deleteDeparted(SharedView before) {
    CarriedDocuments documents = new CarriedDocuments(dedicated, spec.to(), alias.name(), monitor);
    AtomicLong found = new AtomicLong();
    new DepartedDocuments(shared, spec, tenantKey, monitor)
        .find(
            before,
            hits -> {
              List<Hit> stale = stale(hits);
              documents.delete(stale);
              found.addAndGet(stale.size());
            });
    return found.get();
  }

  /** Which of the documents of the shared index are gone there and still in the dedicated one. */
  private List<Hit> stale(List<Hit> hits) {
    List<Hit> gone = known.missing(hits);
    if (gone.isEmpty()) {
      return List.of();
    }
    List<Hit> present =
        DocumentLookup.findPlaces(dedicated, spec.to(), gone).stream()
            .filter(Hit::isFound)
            .toList();
    // one that was written again with another routing is there under its id
    return present.isEmpty() ? List.of() : known.missing(present);
  }

  /**
   * Deletes what the tenant no longer has in the shared index, as far as that is refreshed.
   *
   * @param most ends the search when so many are found
   */
  long deleteStale(long most) {
    return new StaleDocuments(dedicated, spec.to(), tenant(), known, monitor)
        .delete(alias.name(), most);
  }

  ObjectNode tenant() {
    return Queries.ofTenant(spec.tenantField(), tenantKey);
  }

  ShardPositions positions() {
    return notes.positions();
  }

  ElasticsearchSpec.Index spec() {
    return spec;
  }

  /** Ends all writing to the dedicated index; answers the alias that says so. */
  WriteAlias end(long documents) {
    return alias.close(documents);
  }
}
