package com.matih.tenantmigration.devstack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.embedded.PrometheusServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;

/** A real Prometheus that watches the workers of a devstack by the rules that operators take. */
final class PrometheusWatch implements AutoCloseable {

  private final ServerFolder folder = ServerFolder.temporary("tenant-migration-prometheus-");
  private final HttpClient http = HttpClient.newHttpClient();
  private final Instant since = Instant.now();
  private final PrometheusServer server;

  /**
   * Starts watching.
   *
   * @param metrics where the workers, one after the other, tell their metrics
   */
  PrometheusWatch(URI metrics) {
    server =
        PrometheusServer.start(
            folder, "prometheus", "tenant-migration-worker", metrics, MonitoringFiles.RULES);
  }

  /** The greatest number that a query has been answered with since the watch began. */
  OptionalDouble most(String expression) throws IOException, InterruptedException {
    String query =
        "/api/v1/query_range?step=1s&start=%d&end=%d&query=%s"
            .formatted(
                since.getEpochSecond(),
                Instant.now().getEpochSecond(),
                URLEncoder.encode(expression, StandardCharsets.UTF_8));
    HttpRequest request = HttpRequest.newBuilder(server.address().resolve(query)).build();
    JsonNode answer =
        new ObjectMapper().readTree(http.send(request, BodyHandlers.ofString()).body());
    if (!answer.path("status").asText().equals("success")) {
      throw new IllegalArgumentException(expression + ": " + answer.path("error").asText());
    }
    return StreamSupport.stream(answer.path("data").path("result").spliterator(), false)
        .flatMapToDouble(PrometheusWatch::numbers)
        .max();
  }

  private static DoubleStream numbers(JsonNode series) {
    return StreamSupport.stream(series.path("values").spliterator(), false)
        .mapToDouble(sample -> sample.path(1).asDouble(Double.NaN))
        .filter(value -> !Double.isNaN(value));
  }

  @Override
  public void close() {
    server.close();
    folder.close();
  }
}
