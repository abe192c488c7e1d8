package com.matih.tenantmigration.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.embedded.testing.NeedsBrowser;
import com.matih.tenantmigration.embedded.testing.NeedsTemporalServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.embedded.tools.Browser;
import com.matih.tenantmigration.worker.TestPlatform.Answer;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator finds of a migration at the UI of a real Temporal server. */
@NeedsTemporalServer
class TemporalUiIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PASSWORD_NAME = "A_KAFKA_PASSWORD";

  private static final CookieManager COOKIES = new CookieManager();
  private static final HttpClient HTTP = HttpClient.newBuilder().cookieHandler(COOKIES).build();

  private static TestPlatform platform;
  private static String tenant;
  private static String ui;

  /** A migration that its preflight refuses, with a request that refers to a secret. */
  @BeforeAll
  static void migrate(@TempDir Path folder) throws SQLException, IOException {
    platform = new TestPlatform();
    tenant = "ui-" + UUID.randomUUID().toString().substring(0, 8);
    ui = platform.temporal().ui().orElseThrow();
    Path request =
        Files.writeString(
            folder.resolve("request.yaml"),
            """
            tenant: %s
            mode: offline
            tier: {from: STARTER, to: ENTERPRISE}
            snapshot: {location: "file:%s"}
            kafka:
              source: {bootstrapServers: "%s", properties: {ssl.key.password: "${env:%s}"}}
              target: {bootstrapServers: "%s"}
              topics: [{from: shared.events, to: events, all: true}]
            """
                .formatted(
                    tenant,
                    folder,
                    TestServers.kafka().bootstrapServers(),
                    PASSWORD_NAME,
                    TestServers.dedicatedKafka().bootstrapServers()));
    assertThat(platform.run("setup").out()).contains("TenantId");
    Answer answer = platform.run("start", "-f", request.toString(), "--wait");
    assertThat(answer.code()).as(answer.toString()).isEqualTo(3);
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void theWorkflowSaysWhoseItIsWhatItMovesAndHowItEnded() throws Exception {
    JsonNode workflow = get("/api/v1/namespaces/default/workflows/tenant-migration-" + tenant);

    JsonNode metadata = workflow.path("executionConfig").path("userMetadata");
    assertThat(data(metadata.path("summary"))).contains(tenant + ": STARTER → ENTERPRISE");
    assertThat(data(metadata.path("details"))).contains("- **kafka**: shared.events at");
    JsonNode info = workflow.path("workflowExecutionInfo");
    JsonNode attributes = info.path("searchAttributes").path("indexedFields");
    assertThat(data(attributes.path("TenantId"))).contains(tenant);
    assertThat(data(attributes.path("MigrationPhase"))).contains("REFUSED");
    assertThat(data(attributes.path("MigrationOutcome"))).contains("REFUSED");
    JsonNode memo = info.path("memo").path("fields");
    assertThat(data(memo.path("tierTo"))).contains("ENTERPRISE");
    assertThat(data(memo.path("stores"))).contains("kafka");
    assertThat(data(metadata.path("details")) + info).doesNotContain(PASSWORD_NAME);
  }

  @Test
  void migrationsAreFoundByTenantAndOutcome() {
    String query =
        URLEncoder.encode(
            "MigrationOutcome=\"REFUSED\" AND TenantId=\"%s\"".formatted(tenant), UTF_8);

    // Temporal lists from an index that follows what happens a moment later
    await()
        .untilAsserted(
            () ->
                assertThat(
                        get("/api/v1/namespaces/default/workflows?query=" + query)
                            .path("executions"))
                    .hasSize(1));
  }

  @Test
  void theCurrentDetailsAreTheTableOfPhasesAndWhatWasRefused() throws Exception {
    assertThat(currentDetails())
        .contains("**REFUSED** of tenant **" + tenant + "**", "| PREFLIGHT |")
        .contains("**Refused**", "the tenant is unknown");
  }

  private static String currentDetails() throws Exception {
    get("/api/v1/settings");
    JsonNode answer =
        post(
            "/api/v1/namespaces/default/workflows/tenant-migration-"
                + tenant
                + "/query/__temporal_workflow_metadata",
            "{\"query\": {\"queryType\": \"__temporal_workflow_metadata\"}}");
    return JSON.readTree(data(answer.path("queryResult").path("payloads").path(0)))
        .path("currentDetails")
        .asText();
  }

  @Test
  @NeedsBrowser
  void aBrowserShowsTheStory(@TempDir Path folder) throws Exception {
    String run =
        get("/api/v1/namespaces/default/workflows/tenant-migration-" + tenant)
            .path("workflowExecutionInfo")
            .path("execution")
            .path("runId")
            .asText();

    String page =
        Browser.document(
            "%s/namespaces/default/workflows/tenant-migration-%s/%s/user-metadata"
                .formatted(ui, tenant, run),
            folder);

    assertThat(page).contains("topics: check both clusters");
    // the UI shows Markdown in frames whose address holds the text
    List<String> framed =
        Pattern.compile("content=([^\"&]+)")
            .matcher(page)
            .results()
            .map(frame -> URLDecoder.decode(frame.group(1), UTF_8))
            .toList();
    assertThat(framed)
        .anySatisfy(text -> assertThat(text).contains(tenant + ": STARTER → ENTERPRISE"))
        .anySatisfy(text -> assertThat(text).contains("**kafka**: shared.events at"))
        .anySatisfy(text -> assertThat(text).contains("| PREFLIGHT |"));
  }

  /** A payload's text, or the texts of a list of them. */
  private static String data(JsonNode payload) {
    List<String> texts = new ArrayList<>();
    payload
        .findValuesAsText("data")
        .forEach(encoded -> texts.add(new String(Base64.getDecoder().decode(encoded), UTF_8)));
    return String.join(" ", texts);
  }

  private static JsonNode get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(ui + path)).build());
  }

  private static JsonNode post(String path, String body) throws IOException, InterruptedException {
    // the UI's server takes a post from those alone who know its cookie
    String token =
        COOKIES.getCookieStore().getCookies().stream()
            .filter(cookie -> cookie.getName().equals("_csrf"))
            .map(HttpCookie::getValue)
            .findFirst()
            .orElseThrow();
    return send(
        HttpRequest.newBuilder(URI.create(ui + path))
            .header("Content-Type", "application/json")
            .header("X-CSRF-TOKEN", token)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private static JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    var response = HTTP.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }
}
