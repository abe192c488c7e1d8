package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec.Cluster;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedirectTest {

  private final AtomicInteger elsewhere = new AtomicInteger();
  private final AtomicReference<String> login = new AtomicReference<>("");
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/index",
        exchange -> {
          login.set(exchange.getRequestHeaders().getFirst("Authorization"));
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    server.createContext(
        "/elsewhere",
        exchange -> {
          elsewhere.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aClusterThatSendsUsElsewhereIsNotFollowedAndAPasswordArrivesAsItIs() {
    Cluster address =
        new Cluster("http://elastic:${env:P}@127.0.0.1:" + server.getAddress().getPort(), null);
    ElasticsearchClients clients = new ElasticsearchClients(TestSecrets.of(name -> "p@:/?#%ß"));

    try (SearchCluster cluster =
        clients.shared(
            new ElasticsearchSpec(address, address, List.of()), ProgressMonitor.unmonitored())) {
      assertThat(cluster.exchange("look at an index", "GET", "/index").status()).isEqualTo(302);
    }

    assertThat(elsewhere).hasValue(0);
    assertThat(login.get())
        .isEqualTo(
            "Basic "
                + Base64.getEncoder()
                    .encodeToString("elastic:p@:/?#%ß".getBytes(StandardCharsets.UTF_8)));
  }
}
