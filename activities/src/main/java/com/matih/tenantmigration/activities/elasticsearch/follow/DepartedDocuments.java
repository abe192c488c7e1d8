package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Answer;
import com.matih.tenantmigration.activities.elasticsearch.client.DocumentReader;
import com.matih.tenantmigration.activities.elasticsearch.client.Hit;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.client.PointInTime;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.elasticsearch.client.WriteRange;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the tenant's documents that have left the place where an earlier {@linkplain SharedView
 * view} of the shared index shows them: they were deleted, given to another tenant, or written
 * again.
 *
 * <p>A document stands under the number of its last write in its shard, and no other one gets that
 * number. So documents are counted by ranges of numbers, in the view and as they are now. A range
 * that has fewer now is divided again, until few documents are left to be read. Among many
 * documents that takes hardly longer than among few.
 *
 * <p>It is a short cut, and the counts of both sides say whether it has found all: a write that
 * became visible late can stand in the same range as a document that has left.
 */
final class DepartedDocuments {

  private static final Logger log = LoggerFactory.getLogger(DepartedDocuments.class);

  /** So many ranges are counted by one request. */
  private static final int RANGES = 500;

  /** So many documents are read rather than counted once more. */
  private static final long FEW_DOCUMENTS = 1000;

  /** More ranges than that are read rather than divided one by one. */
  private static final int MANY_RANGES = 20;

  private final SearchCluster shared;
  private final ElasticsearchSpec.Index spec;
  private final String tenantKey;
  private final ProgressMonitor monitor;

  /**
   * The documents of a shared index.
   *
   * @param spec names the index and the field that tells whose a document is
   */
  DepartedDocuments(
      SearchCluster shared,
      ElasticsearchSpec.Index spec,
      String tenantKey,
      ProgressMonitor monitor) {
    this.shared = shared;
    this.spec = spec;
    this.tenantKey = tenantKey;
    this.monitor = monitor;
  }

  /**
   * Finds them, in the index as it is refreshed; none where the cluster has given the view up.
   *
   * @param taker takes them page by page, among others that are still there; by several threads
   */
  void find(SharedView before, Consumer<List<Hit>> taker) {
    List<Function<ProgressMonitor, Boolean>> shards = new ArrayList<>();
    for (int shard = 0; shard < before.shards(); shard++) {
      Shard one = new Shard(before.index(), shard, before.shard(shard));
      shards.add(
          own -> {
            List<WriteRange> thinned = one.thinned();
            if (!thinned.isEmpty()) {
              one.read(thinned, taker);
            }
            return true;
          });
    }
    var unused = WorkerPool.callAll("departed-" + spec.to(), monitor, shards);
  }

  /** One shard, as it was and as it is. */
  private final class Shard {

    private final String index;
    private final int number;
    private final PointInTime before;

    Shard(String index, int number, PointInTime before) {
      this.index = index;
      this.number = number;
      this.before = before;
    }

    /** The ranges that some documents have left. */
    List<WriteRange> thinned() {
      return then(lastWrite())
          .map(answer -> answer.at("/hits/hits/0/sort/0").asLong(-1))
          .filter(highest -> highest >= 0)
          .map(highest -> thinned(new WriteRange(0, highest + 1)))
          .orElse(List.of());
    }

    private List<WriteRange> thinned(WriteRange whole) {
      long width = Math.max(1, (whole.width() + RANGES - 1) / RANGES);
      Optional<JsonNode> then = then(counting(whole, width));
      if (then.isEmpty()) {
        return List.of();
      }
      Map<WriteRange, Long> now = counts(now(counting(whole, width)), whole, width);
      List<WriteRange> thinned = new ArrayList<>();
      long documents = 0;
      for (Map.Entry<WriteRange, Long> range : counts(then.get(), whole, width).entrySet()) {
        if (now.getOrDefault(range.getKey(), 0L) < range.getValue()) {
          thinned.add(range.getKey());
          documents += range.getValue();
        }
      }
      return width == 1 || documents <= FEW_DOCUMENTS || thinned.size() > MANY_RANGES
          ? thinned
          : thinned.stream().flatMap(range -> thinned(range).stream()).toList();
    }

    void read(List<WriteRange> ranges, Consumer<List<Hit>> taker) {
      DocumentReader reader =
          DocumentReader.ofShard(
              before, Queries.ofTenant(spec.tenantField(), tenantKey, ranges), false);
      for (var page = reader.next(); page.isPresent(); page = reader.next()) {
        taker.accept(page.get().hits());
      }
    }

    private ObjectNode lastWrite() {
      ObjectNode search = search(Queries.ofTenant(spec.tenantField(), tenantKey), 1);
      search.putArray("sort").addObject().put("_seq_no", "desc");
      search.put("_source", false);
      return search;
    }

    private ObjectNode counting(WriteRange whole, long width) {
      ObjectNode search =
          search(Queries.ofTenant(spec.tenantField(), tenantKey, List.of(whole)), 0);
      search
          .putObject("aggs")
          .putObject("writes")
          .putObject("histogram")
          .put("field", "_seq_no")
          .put("interval", width)
          .put("min_doc_count", 1);
      return search;
    }

    private static ObjectNode search(ObjectNode query, int size) {
      ObjectNode search = Json.object();
      search.set("query", query);
      search.put("size", size);
      search.put("track_total_hits", false);
      return search;
    }

    /** Empty where the view is gone. */
    private Optional<JsonNode> then(ObjectNode search) {
      Answer answer = before.search("count what the tenant had in index " + index, search);
      if (answer.isError()) {
        log.info("The view of index {} is gone: status {}", index, answer.status());
        return Optional.empty();
      }
      return Optional.of(answer.json());
    }

    private JsonNode now(ObjectNode search) {
      return shared.send(
          "count what the tenant has in index " + index,
          "POST",
          "/%s/_search?allow_partial_search_results=false&preference=_shards:%d"
              .formatted(SearchCluster.encode(index), number),
          search);
    }

    private static Map<WriteRange, Long> counts(JsonNode answer, WriteRange whole, long width) {
      Map<WriteRange, Long> counts = new HashMap<>();
      for (JsonNode bucket : answer.at("/aggregations/writes/buckets")) {
        long from = (long) bucket.path("key").asDouble();
        counts.put(
            new WriteRange(Math.max(from, whole.from()), Math.min(from + width, whole.to())),
            bucket.path("doc_count").asLong());
      }
      return counts;
    }
  }
}
