package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.examples.UpgradeService;
import com.matih.tenantmigration.starter.TemporalService;
import com.matih.tenantmigration.starter.TenantMigrations;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of a tenant-service, with a real worker behind it. */
class UpgradeServiceIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private static Path folder;

  private static TestPlatform platform;
  private static TemporalService temporal;
  private static TenantMigrations migrations;

  @BeforeAll
  static void start() throws SQLException {
    platform = new TestPlatform();
    temporal = TemporalService.connect(Map.of("TEMPORAL_ADDRESS", platform.temporal().address()));
    migrations = new TenantMigrations(temporal.client(), platform.controlPlane());
  }

  @AfterAll
  static void stop() {
    temporal.close();
    platform.close();
  }

  @Test
  void anUpgradeIsBegunOnceFollowedAndItsEndCalledBack() throws Exception {
    OneTopic upgrade = tenant("upgrading");
    try (UpgradeService service = new UpgradeService(migrations)) {
      HttpResponse<String> begun = post(service, upgrade.request("required"));
      HttpResponse<String> again = post(service, upgrade.request("required"));
      HttpResponse<String> other = post(service, upgrade.request("automatic"));

      assertThat(begun.statusCode()).isEqualTo(202);
      assertThat(again.statusCode()).isEqualTo(200);
      assertThat(again.body()).isEqualTo(begun.body());
      assertThat(other.statusCode()).isEqualTo(409);
      assertThat(other.body()).contains("is being migrated by another request");
      assertThat(state(service, "upgrading")).isEqualTo("UPGRADING");

      platform.run("approve", "upgrading", "--approver", "ada");
      await().atMost(PATIENCE).until(() -> state(service, "upgrading").equals("UPGRADED"));
    }
  }

  @Test
  void aServiceThatStartsAgainIsCalledBackAllTheSame() throws Exception {
    OneTopic upgrade = tenant("restarted");
    try (UpgradeService service = new UpgradeService(migrations)) {
      post(service, upgrade.request("required"));
    }

    try (UpgradeService service = new UpgradeService(migrations)) {
      service.resume("restarted");
      platform.run("cancel", "restarted", "--reason", "not today");

      await().atMost(PATIENCE).until(() -> state(service, "restarted").equals("NOT_UPGRADED"));
    }
  }

  @Test
  void aRequestThatIsWrongByItselfIsRefusedWithItsProblems() throws Exception {
    try (UpgradeService service = new UpgradeService(migrations)) {
      HttpResponse<String> answer = post(service, BodyPublishers.ofString("tenant: Acme"));

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("tenant", "tier");
    }
  }

  private static OneTopic tenant(String name) throws Exception {
    platform.addTenant(name);
    OneTopic topic = new OneTopic(name, folder);
    topic.produce();
    return topic;
  }

  private static HttpResponse<String> post(UpgradeService service, Path request)
      throws IOException, InterruptedException {
    return post(service, BodyPublishers.ofFile(request));
  }

  private static HttpResponse<String> post(UpgradeService service, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(service.address()).POST(body).build(), BodyHandlers.ofString());
  }

  private static String state(UpgradeService service, String tenant)
      throws IOException, InterruptedException {
    URI address = service.address().resolve(tenant);
    return HTTP.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body();
  }
}
