package com.matih.tenantmigration.activities.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.embedded.ElasticsearchServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.net.ssl.SSLContext;

/** A cluster as a test speaks to it: plainly, by another client than the engine's. */
public final class TestCluster {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final HttpClient http;
  private final String url;
  private final String authorization;

  public TestCluster(ElasticsearchServer server) {
    this(HTTP, server.url(), "none");
  }

  private TestCluster(HttpClient http, String url, String authorization) {
    this.http = http;
    this.url = url;
    this.authorization = authorization;
  }

  /** A cluster with users, as its administrator. */
  static TestCluster secured(ElasticsearchServer server, String password, SSLContext trust) {
    String user = ElasticsearchServer.ADMINISTRATOR + ":" + password;
    return new TestCluster(
        HttpClient.newBuilder().sslContext(trust).build(),
        server.securedUrl(),
        "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
  }

  public String url() {
    return url;
  }

  JsonNode get(String path) {
    return require(exchange("GET", path, ""));
  }

  public JsonNode put(String path, String body) {
    return require(exchange("PUT", path, body));
  }

  public JsonNode post(String path, String body) {
    return require(exchange("POST", path, body));
  }

  public JsonNode delete(String path) {
    return require(exchange("DELETE", path, ""));
  }

  public boolean exists(String index) {
    return exchange("GET", "/" + index, "").statusCode() == 200;
  }

  long count(String index) {
    post("/" + index + "/_refresh", "");
    return get("/" + index + "/_count").path("count").asLong();
  }

  /** The document's bytes as the cluster keeps them. */
  String source(String index, String id) {
    return exchange("GET", "/" + index + "/_source/" + id, "").body();
  }

  public HttpResponse<String> exchange(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Authorization", authorization)
            .header(
                "Content-Type",
                path.contains("_bulk") ? "application/x-ndjson" : "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode require(HttpResponse<String> response) {
    if (response.statusCode() >= 400) {
      throw new IllegalStateException(
          response.request().method() + " " + response.uri() + ": " + response.body());
    }
    return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
  }
}
