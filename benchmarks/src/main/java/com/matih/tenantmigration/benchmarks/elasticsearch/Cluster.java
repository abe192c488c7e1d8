package com.matih.tenantmigration.benchmarks.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** A cluster, spoken to over HTTP. */
final class Cluster {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final int FIRST_ERROR = 300;

  private final HttpClient client = HttpClient.newHttpClient();
  private final String url;

  Cluster(String url) {
    this.url = url;
  }

  String url() {
    return url;
  }

  /** The answer of a request that succeeds. */
  JsonNode send(String method, String path, String body) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = ask(method, path, body);
    if (answer.statusCode() >= FIRST_ERROR) {
      throw new BenchmarkException(
          "Elasticsearch answers %d to %s %s".formatted(answer.statusCode(), method, path));
    }
    return JSON.readTree(answer.body());
  }

  /** Whether a request succeeds. */
  boolean knows(String method, String path, String body) throws IOException, InterruptedException {
    return ask(method, path, body).statusCode() < FIRST_ERROR;
  }

  private HttpResponse<byte[]> ask(String method, String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofByteArray());
  }
}
