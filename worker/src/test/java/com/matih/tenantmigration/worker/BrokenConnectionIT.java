package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plan tells a connection that broke from a store that is not there. */
class BrokenConnectionIT {

  private static TestPlatform platform;

  @TempDir private Path folder;
  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);
  private SilencedProxy sharedDatabase;
  private SilencedProxy dedicatedServer;
  private SilencedProxy sharedIndices;
  private SilencedProxy sharedCache;
  private Path request;

  @BeforeAll
  static void start() throws SQLException {
    platform = new TestPlatform();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @BeforeEach
  void open() throws IOException, InterruptedException, SQLException {
    OneTable table = new OneTable(tenant, folder);
    table.create();
    platform.addTenant(tenant);
    createIndex();
    sharedDatabase = SilencedProxy.before(TestServers.postgres().port());
    dedicatedServer = SilencedProxy.before(TestServers.dedicatedPostgres().port());
    String elasticsearch = TestServers.elasticsearch().url();
    sharedIndices = SilencedProxy.before(URI.create(elasticsearch).getPort());
    String redis = TestServers.redis().uri();
    sharedCache = SilencedProxy.before(URI.create(redis).getPort());
    request = table.request();
    Files.writeString(
        request,
        Files.readString(request)
                .replace(
                    TestServers.postgres().jdbcUrl(table.sharedDatabase()),
                    sharedDatabase.inUrl(TestServers.postgres().jdbcUrl(table.sharedDatabase())))
                .replace(
                    TestServers.dedicatedPostgres().jdbcUrl(table.dedicatedDatabase()),
                    dedicatedServer.inUrl(
                        TestServers.dedicatedPostgres().jdbcUrl(table.dedicatedDatabase())))
            + """
            elasticsearch:
              source: {url: "%s"}
              target: {url: "%s"}
              indices: [{from: %s-shared, to: %s-own, tenantField: tenant_id}]
            redis:
              source: {uri: "%s", keyPrefix: "%s:"}
              target: {uri: "%s"}
              warm: [{key: "%s:{id}", sql: "SELECT id, body FROM notes", value: body, ttl: 1h}]
            """
                .formatted(
                    sharedIndices.inUrl(elasticsearch),
                    TestServers.dedicatedElasticsearch().url(),
                    tenant,
                    tenant,
                    sharedCache.inUrl(redis),
                    tenant,
                    TestServers.dedicatedRedis().uri(),
                    tenant));
  }

  private void createIndex() throws IOException, InterruptedException {
    HttpRequest put =
        HttpRequest.newBuilder(
                URI.create(TestServers.elasticsearch().url() + "/" + tenant + "-shared"))
            .header("Content-Type", "application/json")
            .PUT(
                BodyPublishers.ofString(
                    "{\"mappings\": {\"properties\": {\"tenant_id\": {\"type\": \"keyword\"}}}}"))
            .build();
    assertThat(HttpClient.newHttpClient().send(put, BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
  }

  @AfterEach
  void close() throws IOException {
    for (SilencedProxy proxy : proxies()) {
      proxy.close();
    }
  }

  private List<SilencedProxy> proxies() {
    return List.of(sharedDatabase, dedicatedServer, sharedIndices, sharedCache);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "pg_attribute", "pg_am"})
  void aConnectionThatBreaksOnceIsNoBlocker(String text) {
    for (SilencedProxy proxy : proxies()) {
      AtomicInteger left = new AtomicInteger(1);
      proxy.cutAt(
          (bytes, length, fromClient) ->
              fromClient
                  && new String(bytes, 0, length, StandardCharsets.ISO_8859_1).contains(text)
                  && left.getAndDecrement() > 0);
    }

    TestPlatform.Answer plan = platform.run("plan", "-f", request.toString());

    assertThat(plan.out()).as(plan.errors()).doesNotContain("Refused").contains("notes");
    assertThat(plan.code()).isZero();
  }

  @Test
  void storesThatStayAwayAreBlockersEachByName() throws IOException {
    for (SilencedProxy proxy : proxies()) {
      proxy.goAway();
    }

    TestPlatform.Answer plan = platform.run("plan", "-f", request.toString());

    assertThat(plan.code()).as(plan.errors()).isEqualTo(3);
    assertThat(plan.out())
        .contains("postgres.source", "postgres.target", "elasticsearch.source", "redis.source");
  }
}
