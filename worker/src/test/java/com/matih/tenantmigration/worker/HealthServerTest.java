package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.worker.WorkerConfiguration.Http;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {

  private final AtomicReference<String> obstacle = new AtomicReference<>("");
  private final HealthServer server =
      HealthServer.start(new Http(null, 0), () -> "up 1\n", obstacle::get);

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void metricsAreServedAsText() throws Exception {
    HttpResponse<String> answer = get("/metrics");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("up 1\n");
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
  }

  @Test
  void readinessNamesWhatStandsInTheWayAndLifeGoesOn() throws Exception {
    assertThat(get("/readyz").statusCode()).isEqualTo(200);

    obstacle.set("Temporal does not answer");

    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body()).contains("Temporal does not answer");
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    assertThatThrownBy(() -> HealthServer.start(new Http(null, server.port()), () -> "", () -> ""))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("127.0.0.1:" + server.port());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
