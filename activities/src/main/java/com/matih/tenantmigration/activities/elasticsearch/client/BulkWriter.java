package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.http.entity.ContentType;

/**
 * Writes documents in bulk requests of bounded size, one at a time, so that what is in flight is
 * what one request holds.
 *
 * <p>What the cluster turned away because it is busy is sent again after a pause; anything else
 * that it refuses ends the work, with the first documents by name.
 */
public final class BulkWriter {

  private static final int LARGEST_REQUEST = 5 * 1024 * 1024;
  private static final int MOST_OPERATIONS = 1000;
  private static final int TRIES = 9;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  private final SearchCluster cluster;
  private final String index;
  private final String path;
  private final BulkOperation operation;
  private final ProgressMonitor monitor;
  private final Optional<Consumer<Hit>> conflicts;

  private BulkWriter(
      SearchCluster cluster,
      String index,
      String path,
      BulkOperation operation,
      ProgressMonitor monitor,
      Optional<Consumer<Hit>> conflicts) {
    this.cluster = cluster;
    this.index = index;
    this.path = path;
    this.operation = operation;
    this.monitor = monitor;
    this.conflicts = conflicts;
  }

  /** Indexes into what the alias leads to, and nowhere once it leads to nothing. */
  public static BulkWriter indexing(
      SearchCluster cluster, String index, String alias, ProgressMonitor monitor) {
    return through(cluster, index, alias, BulkOperation.INDEX, monitor, Optional.empty());
  }

  /**
   * The same for documents that may have a higher version there, which are left as they are.
   *
   * @param conflicts takes each of those
   */
  public static BulkWriter indexing(
      SearchCluster cluster,
      String index,
      String alias,
      ProgressMonitor monitor,
      Consumer<Hit> conflicts) {
    return through(cluster, index, alias, BulkOperation.INDEX, monitor, Optional.of(conflicts));
  }

  /**
   * Deletes, through an alias, what is still as it was read.
   *
   * @param conflicts takes each document that is not
   */
  public static BulkWriter deletingUnchanged(
      SearchCluster cluster,
      String index,
      String alias,
      ProgressMonitor monitor,
      Consumer<Hit> conflicts) {
    return through(
        cluster, index, alias, BulkOperation.DELETE_UNCHANGED, monitor, Optional.of(conflicts));
  }

  private static BulkWriter through(
      SearchCluster cluster,
      String index,
      String alias,
      BulkOperation operation,
      ProgressMonitor monitor,
      Optional<Consumer<Hit>> conflicts) {
    return new BulkWriter(
        cluster,
        index,
        "/" + SearchCluster.encode(alias) + "/_bulk?require_alias=true&pipeline=_none",
        operation,
        monitor,
        conflicts);
  }

  /** Deletes from an index. */
  public static BulkWriter deleting(SearchCluster cluster, String index, ProgressMonitor monitor) {
    return new BulkWriter(
        cluster,
        index,
        "/" + SearchCluster.encode(index) + "/_bulk",
        BulkOperation.DELETE,
        monitor,
        Optional.empty());
  }

  /** Writes all documents; when it returns the cluster has acknowledged every one. */
  public void write(List<Hit> hits) {
    if (operation == BulkOperation.INDEX && hits.stream().anyMatch(Hit::hasSeveralLines)) {
      hits.stream().filter(Hit::hasSeveralLines).forEach(hit -> writeRequest(List.of(hit)));
      writeLines(hits.stream().filter(hit -> !hit.hasSeveralLines()).toList());
    } else {
      writeLines(hits);
    }
  }

  private void writeLines(List<Hit> hits) {
    int from = 0;
    while (from < hits.size()) {
      int to = from;
      int bytes = 0;
      do {
        bytes += operation.weigh(hits.get(to));
        to++;
      } while (to < hits.size()
          && to - from < MOST_OPERATIONS
          && bytes + operation.weigh(hits.get(to)) <= LARGEST_REQUEST);
      writeRequest(hits.subList(from, to));
      from = to;
    }
  }

  private void writeRequest(List<Hit> hits) {
    List<Hit> waiting = hits;
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      waiting = send(waiting);
      if (waiting.isEmpty()) {
        return;
      }
      if (attempt == TRIES) {
        throw new MigrationException(
            FailureType.STORE_ERROR,
            ("Elasticsearch's %s is too busy for documents of index %s: %d of a"
                    + " request's %d were rejected %d times.")
                .formatted(cluster.name(), index, waiting.size(), hits.size(), TRIES));
      }
      monitor.pause(pause);
      pause = pause.multipliedBy(2);
    }
  }

  /** Sends one request and answers which documents were turned away because the cluster is busy. */
  private List<Hit> send(List<Hit> hits) {
    if (operation == BulkOperation.INDEX && hits.size() == 1 && hits.get(0).hasSeveralLines()) {
      return sendAlone(hits.get(0));
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    hits.forEach(hit -> operation.write(hit, body));
    String attempted = "write documents of index " + index;
    Answer answer =
        DurableAct.WRITE_DOCUMENTS.call(
            () ->
                cluster.exchange(
                    attempted,
                    "POST",
                    path,
                    ContentType.create("application/x-ndjson"),
                    body.toByteArray()));
    if (hits.size() > 1 && ElasticsearchFailures.isTooMuch(answer)) {
      writeRequest(hits.subList(0, hits.size() / 2));
      writeRequest(hits.subList(hits.size() / 2, hits.size()));
      return List.of();
    }
    if (answer.status() == 429 && !ElasticsearchFailures.isBlock(answer)) {
      return hits;
    }
    JsonNode result = cluster.require(attempted, answer).json();
    return result.path("errors").asBoolean(true) ? sortOut(hits, result.path("items")) : List.of();
  }

  /**
   * Sends a document by a request of its own, which takes its bytes as they are: in a bulk request
   * a line break ends the document, and a comment that ends with its line would swallow the rest.
   */
  private List<Hit> sendAlone(Hit hit) {
    String routing = hit.routing() == null ? "" : "&routing=" + SearchCluster.encode(hit.routing());
    Answer answer =
        cluster.exchange(
            "write a document of index " + index,
            "PUT",
            "%s/_doc/%s?require_alias=true&pipeline=_none&version_type=external_gte&version=%d%s"
                .formatted(
                    path.substring(0, path.indexOf("/_bulk")),
                    SearchCluster.encode(hit.id()),
                    hit.version(),
                    routing),
            ContentType.APPLICATION_JSON,
            hit.source());
    ObjectNode item = Json.object().put("status", answer.status());
    if (answer.isError()) {
      item.set("error", answer.json().path("error"));
    }
    ArrayNode items = Json.object().putArray("items");
    items.addObject().set(operation.action(), item);
    return sortOut(List.of(hit), items);
  }

  private List<Hit> sortOut(List<Hit> hits, JsonNode items) {
    BulkErrors errors = new BulkErrors(cluster.name(), index);
    List<Hit> turnedAway = new ArrayList<>();
    for (int i = 0; i < hits.size(); i++) {
      JsonNode item = items.path(i).path(operation.action());
      int status = item.path("status").asInt(500);
      if (isBusy(status, item)) {
        turnedAway.add(hits.get(i));
      } else if (status == 409 && conflicts.isPresent()) {
        conflicts.get().accept(hits.get(i));
      } else if (item.has("error")) {
        errors.add(hits.get(i), status, item.path("error"));
      }
    }
    errors.throwIfAny();
    return turnedAway;
  }

  /** A disk's flood stage answers 429 as well, and no pause lifts it. */
  private static boolean isBusy(int status, JsonNode item) {
    return (status == 429 || status == 503)
        && !ErrorTypes.isBlock(status, item.path("error").path("type").asText(""));
  }
}
