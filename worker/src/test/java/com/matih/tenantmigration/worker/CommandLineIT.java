package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.controlplane.ControlPlaneJson;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.worker.TestPlatform.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a real worker, with migrations of one topic each. */
class CommandLineIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static TestPlatform platform;

  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);
  @TempDir private Path folder;
  private OneTopic migration = new OneTopic(tenant, Path.of(""));

  @BeforeEach
  void useTheFolder() {
    migration = new OneTopic(tenant, folder);
  }

  @BeforeAll
  static void start() throws SQLException {
    platform = new TestPlatform();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void aMigrationThatNeedsAnApprovalWaitsForItAndIsThenCompleted() throws Exception {
    platform.addTenant(tenant);
    migration.produce();
    Path request = migration.request("required");
    Answer plan = platform.run("plan", "-f", request.toString());
    assertThat(plan.code()).as(plan.toString()).isZero();

    assertThat(platform.run("start", "-f", request.toString()).out()).startsWith("Started");
    awaitStatus("waiting for approval");

    Answer again = platform.run("start", "-f", request.toString());
    assertThat(again.code()).isZero();
    assertThat(again.out()).startsWith("Already running");
    Answer other = platform.run("start", "-f", migration.request("automatic").toString());
    assertThat(other.code()).isEqualTo(3);
    assertThat(other.errors()).contains("is being migrated by another request");
    assertThat(platform.run("resume", tenant).errors()).contains("is not paused");
    assertThat(platform.run("pause", tenant, "--reason", "lunch", "--by", "dana").code()).isZero();
    awaitStatus("the migration is paused");
    assertThat(platform.run("status", tenant).out())
        .containsPattern("Paused +\\d+ s ago, by dana: lunch")
        .containsPattern("Migration +[0-9a-f]{12}");
    assertThat(platform.run("report", tenant).out())
        .contains("the migration is paused")
        .containsPattern("pause +dana +lunch");
    Answer twice = platform.run("pause", tenant);
    assertThat(twice.code()).isEqualTo(2);
    assertThat(twice.errors()).contains("is already paused");
    assertThat(platform.run("resume", tenant, "--by", "ada").code()).isZero();
    assertThat(platform.run("approve", tenant, "--approver", "ada").out()).contains("ada");

    Answer watched = platform.run("status", tenant, "--watch");
    assertThat(watched.out()).contains("the migration is completed");
    assertThat(watched.code()).isZero();
    JsonNode report = json("report", tenant);
    assertThat(report.path("outcome").asText()).isEqualTo("COMPLETED");
    assertThat(report.path("stores").path("kafka").path("topics").path(0).path("records").asInt())
        .isEqualTo(2);
    assertThat(json("audit", tenant).findValuesAsText("event"))
        .contains("PAUSE", "RESUME", "APPROVAL", "TENANT_READ_ONLY", "TENANT_ACTIVATED");
    assertThat(json("audit", tenant).findValuesAsText("by")).containsExactly("dana", "ada");
    assertThat(json("list").findValuesAsText("tenant")).contains(tenant);
    TenantConfig config = platform.controlPlane().tenantConfigs().find(tenant).orElseThrow();
    assertThat(config.kafkaBootstrap()).isEqualTo(TestServers.dedicatedKafka().bootstrapServers());
    assertThat(config.state()).isEqualTo(State.ACTIVE);
    assertThat(config.tier()).isEqualTo("ENTERPRISE");
  }

  @Test
  void aCancelledMigrationIsRolledBackAndNothingOfItStays() throws Exception {
    platform.addTenant(tenant);
    migration.produce();
    Path request = migration.request("required");
    platform.run("start", "-f", request.toString());
    awaitStatus("waiting for approval");

    String reason = "not today, " + "since the window is closed and ".repeat(5) + "dana is away";
    assertThat(platform.run("cancel", tenant, "--reason", reason).code()).isZero();
    Answer waited = platform.run("status", tenant, "--watch");

    assertThat(waited.out()).contains("cancelled and rolled back");
    assertThat(waited.code()).isEqualTo(4);
    JsonNode report = json("report", tenant);
    assertThat(report.path("outcome").asText()).isEqualTo("ROLLED_BACK");
    assertThat(report.path("cancelled").asBoolean()).isTrue();
    assertThat(platform.run("audit", tenant).out()).contains(reason);
    String id = report.path("migrationId").asText();
    assertThat(json("report", tenant, "--migration", id)).isEqualTo(report);
    assertThat(platform.run("report", tenant, "--migration", "x").errors())
        .contains("has no migration x");
    assertThat(topics(TestServers.dedicatedKafka().bootstrapServers()))
        .doesNotContain(tenant + "-own");
    platform.run("start", "-f", otherTier(request), "--wait");
    for (String command : List.of("report", "status")) {
      assertThat(platform.run(command, tenant).out())
          .contains("refused; nothing was changed")
          .contains("The migration before it, " + id + ", was cancelled and rolled back at 20")
          .contains("See: report " + tenant + " --migration " + id);
    }
    assertThat(platform.run("report", tenant, "--migration", id).out())
        .doesNotContain("The migration before it");
    for (String[] late :
        List.of(
            new String[] {"cancel", tenant, "--reason", "again"},
            new String[] {"pause", tenant},
            new String[] {"resume", tenant},
            new String[] {"approve", tenant})) {
      Answer refused = platform.run(late);
      assertThat(refused.code()).as(late[0]).isEqualTo(2);
      assertThat(refused.errors())
          .contains("No migration of tenant " + tenant + " is running")
          .contains("was refused at 20")
          .contains("report " + tenant);
    }
  }

  /** The same request for a tenant of a tier that it does not have. */
  private static String otherTier(Path request) throws IOException {
    String text = Files.readString(request);
    assertThat(text).contains("from: STARTER");
    return Files.writeString(request, text.replace("from: STARTER", "from: PREMIUM")).toString();
  }

  @Test
  void whatPreflightRefusesEndsWithThreeAndTouchesNothing() throws Exception {
    migration.produce();
    String request = migration.request("automatic").toString();

    Answer plan = platform.run("plan", "-f", request, "--output", "json");
    assertThat(plan.code()).isEqualTo(3);
    assertThat(ControlPlaneJson.mapper().readTree(plan.out()).path("refusals").path(0).toString())
        .contains("the tenant is unknown");
    Answer started = platform.run("start", "-f", request, "--wait");
    assertThat(started.code()).isEqualTo(3);
    assertThat(started.out()).contains("refused; nothing was changed");
    assertThat(json("report", tenant).path("outcome").asText()).isEqualTo("REFUSED");
    assertThat(topics(TestServers.dedicatedKafka().bootstrapServers()))
        .doesNotContain(tenant + "-own");
  }

  @Test
  void anApprovalThatNobodyAskedForIsRefusedWithItsReason() throws Exception {
    platform.addTenant(tenant);
    migration.produce();
    platform.run("start", "-f", migration.request("required").toString());
    awaitStatus("waiting for approval");

    Answer refused = platform.run("approve", tenant, "--approver", " ");

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.errors()).contains("Approver name is required");
    platform.run("cancel", tenant, "--reason", "done");
    platform.run("status", tenant, "--watch");
  }

  @Test
  void aTenantThatWasNeverMigratedHasNeitherStatusNorReport() {
    assertThat(platform.run("status", "nobody").code()).isEqualTo(2);
    assertThat(platform.run("report", "nobody").errors()).contains("has never been migrated");
  }

  @Test
  void theAuditTrailOfAnUnknownTenantIsRefusedAndThatOfAnUntouchedOneIsEmpty() {
    Answer unknown = platform.run("audit", "nobody");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.errors()).contains("Tenant nobody is unknown");
    assertThat(platform.run("audit", "nobody", "--output", "json").code()).isEqualTo(2);

    platform.addTenant(tenant);
    Answer untouched = platform.run("audit", tenant);
    assertThat(untouched.code()).isZero();
    assertThat(untouched.out()).contains("No action is recorded for tenant " + tenant);
  }

  private void awaitStatus(String text) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(platform.run("status", tenant).out()).contains(text));
  }

  private static JsonNode json(String... command) throws IOException {
    String[] arguments = new String[command.length + 2];
    System.arraycopy(command, 0, arguments, 0, command.length);
    arguments[command.length] = "--output";
    arguments[command.length + 1] = "json";
    return ControlPlaneJson.mapper().readTree(platform.run(arguments).out());
  }

  private static Set<String> topics(String bootstrapServers)
      throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      return admin.listTopics().names().get();
    }
  }
}
