package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.worker.HostileRequests.Hostile;
import com.matih.tenantmigration.worker.TestPlatform.Answer;
import com.matih.tenantmigration.worker.WorkerConfiguration.Hosts;
import com.matih.tenantmigration.worker.WorkerConfiguration.References;
import com.matih.tenantmigration.workflow.TemporalNames;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that only a look at what the worker may reach, or at the stores, can refuse. */
class HostileRequestsIT {

  private static final String OUTSIDE = "planted-outside-of-the-folder";

  @TempDir private static Path folder;

  private static TestPlatform platform;
  private static SeededTenant tenant;
  private static WorkflowServiceStubs temporal;
  private static TenantConfig before;

  @BeforeAll
  static void start() throws Exception {
    Path secrets = Files.createDirectory(folder.resolve("secrets"));
    Path outside = Files.writeString(folder.resolve("outside"), OUTSIDE);
    Files.createSymbolicLink(secrets.resolve("link"), outside);
    Files.createSymbolicLink(secrets.resolve("device"), Path.of("/dev/zero"));
    Files.writeString(secrets.resolve("large"), "x".repeat(65 * 1024));
    assertThat(new ProcessBuilder("mkfifo", secrets.resolve("pipe").toString()).start().waitFor())
        .isZero();
    platform =
        TestPlatform.reaching(
            new TestPlatform.Reach(
                new References(
                    List.of("SHARED_*", "DEDICATED_*", "S3_*"), List.of(secrets.toString())),
                new Hosts(null, List.of("denied.example")),
                Map.of(
                    "SHARED_PG_PASSWORD", TestServers.postgres().password(),
                    "DEDICATED_PG_PASSWORD", TestServers.dedicatedPostgres().password(),
                    "S3_KEY", TestServers.s3().accessKey(),
                    "S3_SECRET", TestServers.s3().secretKey(),
                    "HOME", "/home/planted-home")));
    tenant = SeededTenant.create(folder, secrets);
    platform.addTenant(tenant.name());
    before = platform.controlPlane().tenantConfigs().find(tenant.name()).orElseThrow();
    temporal =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(platform.temporal().address())
                .build());
  }

  @AfterAll
  static void nothingWasTouchedAndTheWorkerLives() throws Exception {
    try {
      assertThat(platform.worker().isReady()).isTrue();
      assertThat(platform.controlPlane().tenantConfigs().find(tenant.name())).contains(before);
      tenant.assertUntouched();
    } finally {
      temporal.shutdownNow();
      platform.close();
    }
  }

  static Stream<Hostile> refusedAfterALook() {
    return HostileRequests.of(3);
  }

  @ParameterizedTest
  @MethodSource("refusedAfterALook")
  void aHostileRequestIsRefusedAndNoSecretLeaves(Hostile request) throws IOException {
    Answer plan = plan(request);

    assertThat(plan.code()).as(plan.toString()).isEqualTo(3);
    String said = plan.out().replaceAll("\\s+", " ");
    assertThat(said).contains(request.says());
    assertThat(plan.out() + plan.errors() + history(request)).doesNotContain(secrets());
  }

  @Test
  void theRequestThatTheyAreMadeFromIsGood() throws IOException {
    Answer plan = plan(HostileRequests.base());

    assertThat(plan.code()).as(plan.toString()).isZero();
    assertThat(history(HostileRequests.base())).doesNotContain(secrets());
  }

  private static Answer plan(Hostile request) throws IOException {
    Path file = Files.writeString(folder.resolve("request.yaml"), request.on(tenant.names()));
    return platform.run("plan", "-f", file.toString(), "--output", "json");
  }

  /** All that Temporal keeps of the plan. */
  private static String history(Hostile request) {
    String id =
        request.on(tenant.names()).contains("nobody-knows") ? "nobody-knows" : tenant.name();
    return WorkflowClient.newInstance(temporal)
        .fetchHistory(TemporalNames.planWorkflowId(id))
        .toJson(true);
  }

  private static String[] secrets() {
    return new String[] {
      TestServers.postgres().password(),
      TestServers.dedicatedPostgres().password(),
      TestServers.s3().secretKey(),
      "planted-home",
      OUTSIDE
    };
  }
}
