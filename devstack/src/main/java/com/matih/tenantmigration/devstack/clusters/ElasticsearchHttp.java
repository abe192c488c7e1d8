package com.matih.tenantmigration.devstack.clusters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Elasticsearch by its REST API and plain JSON: an answer that does not hang on our client. */
public final class ElasticsearchHttp {

  /** Reads and writes the JSON. */
  public static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final String url;

  /**
   * @param url the cluster's address, without a path
   */
  public ElasticsearchHttp(String url) {
    this.url = url;
  }

  /**
   * Sends a request.
   *
   * @throws StoreException where the answer is an error
   */
  public JsonNode send(String method, String path, String body) {
    Answer answer = exchange(method, path, "application/json", body);
    if (answer.status() >= 300) {
      throw new StoreException(
          "Elasticsearch answered %d to %s %s: %s"
              .formatted(answer.status(), method, path, answer.body()));
    }
    return parse(answer.body());
  }

  /** Sends a request without a body. */
  public JsonNode send(String method, String path) {
    return send(method, path, "");
  }

  /** Whether something of that path exists. */
  public boolean exists(String path) {
    return exchange("GET", path, "application/json", "").status() == 200;
  }

  /**
   * Sends lines of a bulk request.
   *
   * @throws StoreException where one of them failed
   */
  public void bulk(String index, String lines) {
    Answer answer = exchange("POST", "/" + index + "/_bulk", "application/x-ndjson", lines);
    JsonNode result = parse(answer.body());
    if (answer.status() != 200 || result.path("errors").asBoolean(true)) {
      String text = answer.body();
      throw new StoreException(
          "a bulk request failed: " + text.substring(0, Math.min(500, text.length())));
    }
  }

  private Answer exchange(String method, String path, String type, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(PATIENCE)
            .header("Content-Type", type)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new StoreException("Elasticsearch did not answer " + method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted in " + method + " " + path, e);
    }
  }

  private static JsonNode parse(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new StoreException("Elasticsearch answered what is not JSON", e);
    }
  }

  private record Answer(int status, String body) {}
}
