package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents that match a query, page by page: those of a point-in-time in the order in
 * which the shards hold them, or those of a shard in the order in which they were written.
 *
 * <p>Pages are sized by what the documents turned out to weigh, so that memory does not depend on
 * them. A place in the order means nothing in another point-in-time: who must read again starts
 * over.
 */
public final class DocumentReader {

  private static final int FIRST_PAGE = 100;
  private static final int LARGEST_PAGE = 1000;
  private static final int WANTED_BYTES = 2 * 1024 * 1024;
  private static final int TOLERATED_BYTES = 16 * 1024 * 1024;

  /** Well below a point-in-time's life. */
  private static final Duration BETWEEN_SIGNS_OF_LIFE = Duration.ofMinutes(1);

  private static final int LARGEST_DOCUMENT = 160 * 1024 * 1024;

  private final SearchCluster cluster;
  private final String index;
  private final String path;
  private final Optional<PointInTime> pointInTime;
  private final ObjectNode search;
  private int pageSize = FIRST_PAGE;
  private int largestPage = LARGEST_PAGE;
  private @Nullable String after;
  private boolean isAtEnd;

  /**
   * A reader of one slice.
   *
   * @param withSource whether the documents' sources are read, or their ids, routing and versions
   *     alone
   */
  public DocumentReader(
      PointInTime pointInTime, ObjectNode query, boolean withSource, int slice, int slices) {
    this(
        pointInTime.cluster(),
        pointInTime.index(),
        "",
        Optional.of(pointInTime),
        search(query, "_shard_doc", source(pointInTime, withSource)));
    if (slices > 1) {
      search.putObject("slice").put("id", slice).put("max", slices);
    }
  }

  private DocumentReader(
      SearchCluster cluster,
      String index,
      String preference,
      Optional<PointInTime> pointInTime,
      ObjectNode search) {
    this.cluster = cluster;
    this.index = index;
    this.path =
        pointInTime.map(any -> "").orElseGet(() -> "/" + SearchCluster.encode(index))
            + "/_search?allow_partial_search_results=false"
            + preference;
    this.pointInTime = pointInTime;
    this.search = search;
  }

  private static JsonNode source(PointInTime pointInTime, boolean withSource) {
    return withSource
        ? pointInTime.cluster().storedSource().ofSearch(pointInTime.cluster(), pointInTime.index())
        : BooleanNode.FALSE;
  }

  private static ObjectNode search(ObjectNode query, String order, JsonNode source) {
    ObjectNode search = Json.object();
    search.set("query", query);
    search.putArray("sort").add(order);
    search.put("version", true);
    search.put("seq_no_primary_term", true);
    search.set("_source", source);
    search.put("track_total_hits", false);
    return search;
  }

  /**
   * A reader of one shard's documents in the order of their last writes, without a point-in-time.
   * What is written meanwhile has a higher number: it leaves the place where it was and is met, or
   * met again, further on.
   */
  public static DocumentReader ofShard(
      SearchCluster cluster, String index, int shard, ObjectNode query) {
    return new DocumentReader(
        cluster,
        index,
        "&preference=_shards:" + shard,
        Optional.empty(),
        search(query, "_seq_no", cluster.storedSource().ofSearch(cluster, index)));
  }

  /** The same of a point-in-time of one shard. */
  public static DocumentReader ofShard(
      PointInTime pointInTime, ObjectNode query, boolean withSource) {
    return new DocumentReader(
        pointInTime.cluster(),
        pointInTime.index(),
        "",
        Optional.of(pointInTime),
        search(query, "_seq_no", source(pointInTime, withSource)));
  }

  /** A reader of the whole. */
  public DocumentReader(PointInTime pointInTime, ObjectNode query, boolean withSource) {
    this(pointInTime, query, withSource, 0, 1);
  }

  /**
   * Waits as long as the throttle asks for a page that was read of the shared side; the reader's
   * point-in-time stays open meanwhile.
   */
  public void payForShared(HitPage page, ProgressMonitor monitor) {
    monitor.readShared(
        page.size(), BETWEEN_SIGNS_OF_LIFE, () -> pointInTime.ifPresent(PointInTime::prolong));
  }

  /** The next page, never an empty one; empty at the end. */
  public Optional<HitPage> next() {
    while (!isAtEnd) {
      try {
        Optional<HitPage> page = ask();
        if (page.isPresent()) {
          return advance(page.get());
        }
      } catch (AnswerTooLargeException e) {
        if (pageSize == 1) {
          throw new MigrationException(
              FailureType.NOT_MOVABLE,
              "Index %s has a document of more than %d MB, which is more than can be moved."
                  .formatted(index, LARGEST_DOCUMENT >> 20),
              e);
        }
        pageSize = Math.max(1, pageSize / 8);
      }
    }
    return Optional.empty();
  }

  /** A page; empty where the cluster gives none of that size, and the next one is smaller. */
  private Optional<HitPage> ask() throws AnswerTooLargeException {
    search.put("size", pageSize);
    pointInTime.ifPresent(open -> search.set("pit", open.reference()));
    if (after != null) {
      search.set("search_after", Json.parse(after.getBytes(StandardCharsets.UTF_8)));
    }
    String attempted = "read documents of index " + index;
    Answer answer =
        cluster.search(
            attempted,
            path,
            search,
            pageSize == 1 ? LARGEST_DOCUMENT : TOLERATED_BYTES,
            pageSize > 1);
    return shrinks(answer)
        ? Optional.empty()
        : Optional.of(HitPage.read(cluster.require(attempted, answer).bytes()));
  }

  /**
   * Asks for less where an index allows smaller pages only ({@code max_result_window}), or where
   * the cluster has no memory for this one.
   */
  private boolean shrinks(Answer answer) {
    if (pageSize == 1) {
      return false;
    }
    OptionalInt window = ElasticsearchFailures.resultWindow(answer);
    if (window.isEmpty() && !ElasticsearchFailures.isTooMuch(answer)) {
      return false;
    }
    largestPage = Math.max(1, Math.min(window.orElse(pageSize / 2), pageSize - 1));
    pageSize = largestPage;
    return true;
  }

  private Optional<HitPage> advance(HitPage page) {
    if (!page.isWhole()) {
      throw new MigrationException(
          FailureType.STORE_ERROR,
          "Elasticsearch's %s answered for only a part of index %s. Check the health of its shards."
              .formatted(cluster.name(), index));
    }
    pointInTime.ifPresent(open -> open.renew(page.pointInTime()));
    int documents = page.hits().size();
    isAtEnd = documents < pageSize;
    if (documents == 0) {
      return Optional.empty();
    }
    after = page.lastSort();
    long fitting = Math.max(1, (long) WANTED_BYTES * documents / page.size());
    pageSize = (int) Math.min(largestPage, Math.min(fitting, pageSize * 4L));
    return Optional.of(page);
  }
}
