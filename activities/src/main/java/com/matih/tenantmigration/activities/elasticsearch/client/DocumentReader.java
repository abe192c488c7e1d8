package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents of a point-in-time that match a query, page by page in the order in which the
 * shards hold them.
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
  private static final int LARGEST_DOCUMENT = 160 * 1024 * 1024;

  private final PointInTime pointInTime;
  private final ObjectNode search;
  private int pageSize = FIRST_PAGE;
  private @Nullable String after;

  /**
   * A reader of one slice.
   *
   * @param withSource whether the documents' sources are read, or their ids, routing and versions
   *     alone
   */
  public DocumentReader(
      PointInTime pointInTime, ObjectNode query, boolean withSource, int slice, int slices) {
    this.pointInTime = pointInTime;
    this.search = Json.object();
    search.set("query", query);
    search.putArray("sort").add("_shard_doc");
    search.put("version", true);
    search.put("_source", withSource);
    search.put("track_total_hits", false);
    if (slices > 1) {
      search.putObject("slice").put("id", slice).put("max", slices);
    }
  }

  /** A reader of the whole. */
  public DocumentReader(PointInTime pointInTime, ObjectNode query, boolean withSource) {
    this(pointInTime, query, withSource, 0, 1);
  }

  /** The next page, never an empty one; empty at the end. */
  public Optional<HitPage> next() {
    while (true) {
      try {
        return advance(ask());
      } catch (AnswerTooLargeException e) {
        if (pageSize == 1) {
          throw new MigrationException(
              FailureType.NOT_MOVABLE,
              "Index %s has a document of more than %d MB, which is more than can be moved."
                  .formatted(pointInTime.index(), LARGEST_DOCUMENT >> 20),
              e);
        }
        pageSize = Math.max(1, pageSize / 8);
      }
    }
  }

  private HitPage ask() throws AnswerTooLargeException {
    search.put("size", pageSize);
    search.set("pit", pointInTime.reference());
    if (after != null) {
      search.set("search_after", Json.parse(after.getBytes(StandardCharsets.UTF_8)));
    }
    SearchCluster cluster = pointInTime.cluster();
    String attempted = "read documents of index " + pointInTime.index();
    Answer answer =
        cluster.search(
            attempted,
            "/_search?allow_partial_search_results=false",
            search,
            pageSize == 1 ? LARGEST_DOCUMENT : TOLERATED_BYTES);
    return HitPage.read(cluster.require(attempted, answer).bytes());
  }

  private Optional<HitPage> advance(HitPage page) {
    if (!page.isWhole()) {
      throw new MigrationException(
          FailureType.STORE_ERROR,
          "Elasticsearch's %s answered for only a part of index %s. Check the health of its shards."
              .formatted(pointInTime.cluster().name(), pointInTime.index()));
    }
    pointInTime.renew(page.pointInTime());
    int documents = page.hits().size();
    if (documents == 0) {
      return Optional.empty();
    }
    after = page.lastSort();
    long fitting = Math.max(1, (long) WANTED_BYTES * documents / page.size());
    pageSize = (int) Math.min(LARGEST_PAGE, Math.min(fitting, pageSize * 4L));
    return Optional.of(page);
  }
}
