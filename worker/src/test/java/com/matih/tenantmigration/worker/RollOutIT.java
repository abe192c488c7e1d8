package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.embedded.TemporalServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.testing.NeedsTemporalServer;
import com.matih.tenantmigration.embedded.tools.TemporalTool;
import com.matih.tenantmigration.worker.TestPlatform.Answer;
import com.matih.tenantmigration.worker.WorkerConfiguration.Versioning;
import com.matih.tenantmigration.workflow.TemporalNames;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/operations.md says about a new release of the worker while migrations run. */
@NeedsTemporalServer
class RollOutIT {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String DEPLOYMENT = "tenant-migration";
  private static final Versioning OLD = new Versioning(DEPLOYMENT, "1.0.0");
  private static final Versioning NEW = new Versioning(DEPLOYMENT, "1.1.0");

  @TempDir private static Path folder;

  // which release is current is the whole server's business, so this class has one of its own
  private static ServerFolder servers;
  private static TemporalServer temporal;
  private static WorkflowServiceStubs service;

  @BeforeAll
  static void start() {
    servers = ServerFolder.temporary("tenant-migration-roll-out-");
    temporal = TemporalServer.start(servers, "temporal");
    service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(temporal.address()).build());
  }

  @AfterAll
  static void stop() {
    service.shutdownNow();
    temporal.close();
    servers.close();
  }

  @Test
  void migrationsStayWithTheirReleaseNewOnesTakeTheNewAndAStrandedOneIsMovedByHand()
      throws Exception {
    try (TestPlatform platform = new TestPlatform(temporal, OLD);
        WorkerProcess old = platform.worker()) {
      makeCurrent(OLD);
      begin(platform, "stays", "required");
      begin(platform, "stranded", "required");

      try (WorkerProcess successor = platform.startWorker(NEW)) {
        makeCurrent(NEW);
        begin(platform, "follows", "automatic");
        awaitOutcome(platform, "follows");
        assertThat(releaseOf("follows")).isEqualTo("1.1.0");

        platform.run("approve", "stays", "--approver", "dana");
        awaitOutcome(platform, "stays");
        assertThat(releaseOf("stays")).isEqualTo("1.0.0");

        awaitRunningOn(OLD, 1);
        old.close();
        move("stranded", NEW);
        platform.run("approve", "stranded", "--approver", "dana");
        awaitOutcome(platform, "stranded");
        assertThat(successor.isReady()).isTrue();
      }
    }
  }

  private static void begin(TestPlatform platform, String tenant, String approval)
      throws Exception {
    OneTopic migration = new OneTopic(tenant, folder);
    platform.addTenant(tenant);
    migration.produce();
    Answer started = platform.run("start", "-f", migration.request(approval).toString());
    assertThat(started.code()).as(started.toString()).isZero();
    if (approval.equals("required")) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(platform.run("status", tenant).out())
                      .contains("waiting for approval"));
    }
  }

  private static void awaitOutcome(TestPlatform platform, String tenant) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(platform.run("report", tenant, "--output", "json").out())
                    .contains("COMPLETED"));
  }

  /** Temporal knows a release once its worker has polled. */
  private static void makeCurrent(Versioning release) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        temporal(
                            "worker",
                            "deployment",
                            "set-current-version",
                            "--deployment-name",
                            release.deployment(),
                            "--build-id",
                            release.buildId(),
                            "--yes"))
                    .contains("Successfully"));
  }

  /** Temporal counts from an index that follows what happens a moment later. */
  private static void awaitRunningOn(Versioning release, int migrations) {
    String query =
        "ExecutionStatus=\"Running\" AND TemporalWorkerDeploymentVersion=\"%s:%s\""
            .formatted(release.deployment(), release.buildId());
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(temporal("workflow", "count", "--query", query))
                    .containsPattern("Total: %d\\b".formatted(migrations)));
  }

  private static void move(String tenant, Versioning release) throws IOException {
    var unused =
        temporal(
            "workflow",
            "update-options",
            "--workflow-id",
            TemporalNames.workflowId(tenant),
            "--versioning-override-behavior",
            "pinned",
            "--versioning-override-deployment-name",
            release.deployment(),
            "--versioning-override-build-id",
            release.buildId());
  }

  private static String releaseOf(String tenant) {
    return service
        .blockingStub()
        .describeWorkflowExecution(
            DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace("default")
                .setExecution(
                    WorkflowExecution.newBuilder().setWorkflowId(TemporalNames.workflowId(tenant)))
                .build())
        .getWorkflowExecutionInfo()
        .getVersioningInfo()
        .getDeploymentVersion()
        .getBuildId();
  }

  private static String temporal(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(TemporalTool.TEMPORAL.require().toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
    builder.environment().put("TEMPORAL_ADDRESS", temporal.address());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.onExit().join().exitValue()).as(output).isZero();
    return output;
  }
}
