package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.embedded.testing.NeedsTemporalServer;
import com.matih.tenantmigration.embedded.tools.TemporalTool;
import com.matih.tenantmigration.worker.TestPlatform.Answer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/operations.md says about a workflow that somebody terminated in Temporal. */
@NeedsTemporalServer
class TerminatedWorkflowIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static TestPlatform platform;

  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);
  @TempDir private Path folder;

  @BeforeAll
  static void start() throws SQLException {
    platform = new TestPlatform();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void aTenantLeftReadOnlyIsSaidToBeSoAndComesBackByTheCommandsThatAreNamed() throws Exception {
    platform.addTenant(tenant);
    TenantConfig before = configuration();
    OneTopic migration = new OneTopic(tenant, folder);
    migration.produce();
    // in FENCE for as long as its services may take to stop writing
    String request = longSettling(migration.request("automatic"));
    platform.run("start", "-f", request);
    await().atMost(PATIENCE).until(() -> configuration().state() == State.READ_ONLY);
    await().atMost(PATIENCE).until(() -> platform.run("status", tenant).out().contains("FENCE"));

    temporal("workflow", "terminate", "--workflow-id", workflowId(), "--reason", "by mistake");

    Answer status = platform.run("status", tenant);
    assertThat(status.code()).isZero();
    assertThat(status.out())
        .contains("Temporal no longer runs the migration: terminated in phase FENCE, 20")
        .contains(": by mistake. Nothing was rolled back; the tenant is read-only.")
        .doesNotContain("is running", "still running");
    assertThat(platform.run("report", tenant).out()).startsWith(firstLine(status.out()));
    assertThat(platform.run("report", tenant, "--output", "json").errors())
        .contains("Temporal no longer runs the migration");
    assertThat(platform.run("status", tenant, "--watch").code()).isEqualTo(5);
    for (String wish : List.of("pause", "resume")) {
      Answer refused = platform.run(wish, tenant);
      assertThat(refused.code()).as(wish).isEqualTo(2);
      assertThat(refused.errors()).contains("was terminated outside of the tool in phase FENCE");
    }
    Answer again = platform.run("start", "-f", request);
    assertThat(again.code()).isEqualTo(3);
    assertThat(again.errors()).contains("the tenant is read-only").contains("reset --workflow-id");
    Answer plan = platform.run("plan", "-f", request);
    assertThat(plan.code()).isEqualTo(3);
    assertThat(plan.out()).contains("a migration of it is running").doesNotContain("ACTIVE");

    temporal(resetCommand(status.out()));

    await()
        .atMost(PATIENCE)
        .until(() -> platform.run("status", tenant).out().contains("the migration is running"));
    assertThat(platform.run("cancel", tenant, "--reason", "bring it back").code()).isZero();
    Answer ended = platform.run("status", tenant, "--watch");
    assertThat(ended.out()).contains("cancelled and rolled back; everything is as it was before.");
    assertThat(configuration().saysTheSameAs(before)).isTrue();
    assertThat(migrationIds()).as("the reset run is the same migration").hasSize(1);
  }

  private TenantConfig configuration() {
    return platform.controlPlane().tenantConfigs().find(tenant).orElseThrow();
  }

  private List<String> migrationIds() {
    return platform.controlPlane().auditTrail().list(tenant).stream()
        .map(line -> line.migrationId())
        .distinct()
        .toList();
  }

  private String workflowId() {
    return "tenant-migration-" + tenant;
  }

  private static String longSettling(Path request) throws IOException {
    String text = Files.readString(request);
    assertThat(text).contains("settle: 0s");
    return Files.writeString(request, text.replace("settle: 0s", "settle: 10m")).toString();
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElseThrow();
  }

  /** The words behind {@code temporal}, as an operator copies them. */
  private static String[] resetCommand(String status) {
    String line =
        status.lines().filter(text -> text.contains("workflow reset")).findFirst().orElseThrow();
    return line.strip().replace("\"", "").replaceFirst("^temporal ", "").split(" ");
  }

  private static void temporal(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(TemporalTool.TEMPORAL.require().toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
    builder.environment().put("TEMPORAL_ADDRESS", platform.temporal().address());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
  }
}
