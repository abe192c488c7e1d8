package com.matih.tenantmigration.embedded.workload.documents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * An index of a cluster, spoken to over plain HTTP.
 *
 * @param url the cluster's
 */
public record DocumentIndex(String url, String name) {

  /** The keyword field that says whose a document is. */
  public static final String TENANT_FIELD = "tenant_id";

  static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int PAGE = 1000;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int MOST_RETRIES = 60;
  private static final long PAUSE_MILLIS = 500;

  /** An answer of the cluster, whatever it says. */
  record Reply(int status, JsonNode body) {

    JsonNode requireSuccess(String what) {
      if (status >= 400) {
        throw new IllegalStateException("%s: %d %s".formatted(what, status, body));
      }
      return body;
    }
  }

  /**
   * Creates the index. It forgets deletions at once, so that a document that is written again
   * begins at version 1.
   */
  public void create(int shards) {
    var unused =
        send(
                "PUT",
                "",
                """
                {"settings": {"index": {"number_of_shards": %d, "number_of_replicas": 0,
                   "gc_deletes": "0s"}},
                 "mappings": {"properties": {
                   "tenant_id": {"type": "keyword"},
                   "number": {"type": "long"},
                   "title": {"type": "text", "fields": {"raw": {"type": "keyword"}}},
                   "comments": {"type": "nested", "properties": {"author": {"type": "keyword"}}}}}}
                """
                    .formatted(shards))
            .requireSuccess("create " + name);
  }

  /** All documents that match a query, as far as the index is refreshed; it refreshes it first. */
  Map<DocumentKey, DocumentState> read(String query) {
    var unused = send("POST", "/_refresh", "").requireSuccess("refresh");
    Map<DocumentKey, DocumentState> documents = new HashMap<>();
    JsonNode page =
        send(
                "POST",
                "/_search?scroll=1m",
                "{\"size\":%d,\"version\":true,\"sort\":[\"_doc\"],\"query\":%s}"
                    .formatted(PAGE, query))
            .requireSuccess("search");
    while (!page.at("/hits/hits").isEmpty()) {
      for (JsonNode hit : page.at("/hits/hits")) {
        documents.put(
            new DocumentKey(hit.path("_id").asText(), hit.path("_routing").asText("")),
            new DocumentState(hit.path("_source"), hit.path("_version").asLong()));
      }
      String scroll = page.path("_scroll_id").asText();
      page =
          exchange(
                  "POST",
                  "/_search/scroll",
                  "{\"scroll\":\"1m\",\"scroll_id\":\"%s\"}".formatted(scroll))
              .requireSuccess("scroll");
    }
    return documents;
  }

  /** Sends a request about this index. */
  Reply send(String method, String path, String body) {
    return exchange(method, "/" + name + path, body);
  }

  static String encode(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8);
  }

  /** Asks again later where the cluster says that it is asked too much, as applications do. */
  private Reply exchange(String method, String path, String body) {
    Reply reply = exchangeOnce(method, path, body);
    for (int again = 0; reply.status() == TOO_MANY_REQUESTS && again < MOST_RETRIES; again++) {
      pause();
      reply = exchangeOnce(method, path, body);
    }
    return reply;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Reply exchangeOnce(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header(
                "Content-Type",
                path.contains("_bulk") ? "application/x-ndjson" : "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
      return new Reply(response.statusCode(), parse(response.body()));
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON: " + json, e);
    }
  }
}
