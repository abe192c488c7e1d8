package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.controlplane.ControlPlaneJson;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.worker.TestPlatform.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A migration that would take hours, until an operator lifts its throttle. */
class ThrottledMigrationIT {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);
  @TempDir private Path folder;
  private TestPlatform platform;

  @BeforeEach
  void start() throws SQLException {
    platform = new TestPlatform();
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void anOperatorSeesTheThrottleAndChangesItWhileTheMigrationRuns() throws Exception {
    String request = request();
    assertThat(platform.run("plan", "-f", request).out())
        .contains("Throttle: 100B/s for each store.");
    assertThat(json("plan", "-f", request).at("/throttle/bytesPerSecond").asLong()).isEqualTo(100);
    assertThat(platform.run("start", "-f", request).code()).isZero();
    awaitStatus("held to 100B/s by the throttle");
    assertThat(json("status", tenant).at("/throttle/bytesPerSecond").asLong()).isEqualTo(100);

    Answer wrong = platform.run("throttle", tenant, "--bytes-per-second", "0");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.errors()).contains("bytesPerSecond has to be more than zero");
    Answer faster = platform.run("throttle", tenant, "--bytes-per-second", "200", "--by", "dana");
    assertThat(faster.code()).as(faster.toString()).isZero();
    assertThat(faster.out()).isEqualToIgnoringNewLines("throttle: 200B/s for each store");
    awaitStatus("held to 200B/s by the throttle");
    assertThat(platform.run("status", tenant).out())
        .containsPattern("Throttle +200B/s for each store");

    assertThat(platform.run("throttle", tenant, "--off", "--by", "ada").code()).isZero();

    assertThat(platform.run("status", tenant, "--watch").code()).isZero();
    JsonNode report = json("report", tenant);
    assertThat(report.path("outcome").asText()).isEqualTo("COMPLETED");
    assertThat(report.has("throttle")).isFalse();
    assertThat(report.findValuesAsText("reason")).containsExactly("200B/s for each store", "off");
    JsonNode audit = json("audit", tenant);
    assertThat(audit.findValuesAsText("event")).contains("THROTTLE");
    assertThat(audit.findValuesAsText("throttle")).containsExactly("200B/s for each store", "off");
    Answer late = platform.run("throttle", tenant, "--off");
    assertThat(late.code()).isEqualTo(2);
    assertThat(late.errors()).contains("No migration of tenant " + tenant + " is running");
  }

  private String request() throws SQLException, IOException {
    OneTable table = new OneTable(tenant, folder);
    table.create();
    PostgresServer shared = TestServers.postgres();
    try (Connection connection =
            DriverManager.getConnection(
                shared.jdbcUrl(table.sharedDatabase()), shared.user(), shared.password());
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE app.notes SET body = repeat('x', 10000)");
    }
    platform.addTenant(tenant);
    Path request = table.request();
    String online = Files.readString(request).replace("mode: offline", "mode: online");
    return Files.writeString(request, online + "throttle: {bytesPerSecond: 100}\n").toString();
  }

  private void awaitStatus(String words) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(platform.run("status", tenant).out()).contains(words));
  }

  private JsonNode json(String... command) throws IOException {
    String[] all = new String[command.length + 2];
    System.arraycopy(command, 0, all, 0, command.length);
    all[command.length] = "--output";
    all[command.length + 1] = "json";
    return ControlPlaneJson.mapper().readTree(platform.run(all).out());
  }
}
