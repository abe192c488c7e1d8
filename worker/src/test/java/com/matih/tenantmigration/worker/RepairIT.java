package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.controlplane.ControlPlaneJson;
import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.embedded.testing.NeedsTemporalServer;
import com.matih.tenantmigration.starter.TemporalService;
import com.matih.tenantmigration.worker.HeldActivities.Hold;
import com.matih.tenantmigration.worker.TestPlatform.Answer;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflowservice.v1.DeleteWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code repair} says and does, with migrations of one table each. */
@Order(1) // it takes long
class RepairIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final HeldActivities HELD = new HeldActivities();
  private static TestPlatform platform;

  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);
  @TempDir private Path folder;
  private OneTable table = new OneTable(tenant, Path.of(""));

  @BeforeAll
  static void start() throws SQLException {
    platform = TestPlatform.with(List.of(HELD));
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @BeforeEach
  void createTenant() throws SQLException {
    table = new OneTable(tenant, folder);
    table.create();
    platform.addTenant(tenant);
  }

  @Test
  void aMigrationThatWasTerminatedInItsCopyIsRolledBackOnceSomebodySaysYes() throws Exception {
    TenantConfig before = configuration();
    terminateAt(HELD.before("CopyRows"));
    assertThat(configuration().state()).isEqualTo(State.READ_ONLY);
    assertThat(table.takesWrites()).isFalse();
    assertThat(platform.run("status", tenant).out()).contains("repair " + tenant + " --yes");
    assertThat(platform.run("start", "-f", table.request().toString()).errors())
        .contains("repair " + tenant + " --yes");

    Answer told = platform.run("repair", tenant);

    assertThat(told.code()).as(told.toString()).isEqualTo(5);
    assertThat(told.out())
        .contains("has to be rolled back. The tenant is READ_ONLY.")
        .containsPattern("planned +The route was never switched")
        .contains("its triggers are on 1 table: app.notes")
        .contains("database " + table.dedicatedDatabase())
        .contains("Nothing was changed. To do it: repair " + tenant + " --yes");
    assertThat(configuration().state()).isEqualTo(State.READ_ONLY);
    assertThat(table.isDedicatedDatabaseThere()).isTrue();
    assertThat(platform.run("status", tenant).out())
        .as("a look is not taken for the migration's end")
        .contains("terminated in phase COPY");

    Answer repaired = platform.run("repair", tenant, "--yes", "--by", "ada");

    assertThat(repaired.code()).as(repaired.toString()).isZero();
    assertThat(repaired.out()).contains("is rolled back; nothing is left. The tenant is ACTIVE.");
    assertThat(configuration().saysTheSameAs(before)).isTrue();
    assertThat(table.takesWrites()).isTrue();
    assertThat(table.isFenced()).isFalse();
    assertThat(table.isDedicatedDatabaseThere()).isFalse();
    assertThat(record().outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(platform.run("report", tenant).out())
        .containsPattern("repair +ada")
        .contains("terminated in phase COPY");
    assertThat(platform.run("audit", tenant).out()).containsPattern("REPAIR +STARTED +by=ada");
    assertNothingIsLeft();
    Answer moved = platform.run("start", "-f", table.request().toString(), "--wait");
    assertThat(moved.code()).as(moved.toString()).isZero();
  }

  @Test
  void aMigrationThatWasTerminatedAfterItsTenantWasActivatedIsCompleted() throws Exception {
    terminateAt(HELD.after("ActivateTenant"));
    assertThat(configuration().state()).isEqualTo(State.ACTIVE);
    assertThat(table.hasLedger()).isTrue();

    Answer told = platform.run("repair", tenant, "--output", "json");
    assertThat(told.code()).as(told.toString()).isEqualTo(5);
    JsonNode json = ControlPlaneJson.mapper().readTree(told.out());
    assertThat(json.path("way").asText()).isEqualTo("FORWARD");
    assertThat(json.path("acted").asBoolean()).isFalse();
    assertThat(json.path("steps").findValuesAsText("step")).containsExactly("RemoveLedger");

    Answer repaired = platform.run("repair", tenant, "--yes");

    assertThat(repaired.code()).as(repaired.toString()).isZero();
    assertThat(repaired.out()).contains("is completed; nothing is left. The tenant is ACTIVE.");
    assertThat(record().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(configuration().databaseUrl()).contains(table.dedicatedDatabase());
    assertThat(table.isDedicatedDatabaseThere()).isTrue();
    assertThat(table.hasLedger()).isFalse();
    assertNothingIsLeft();
  }

  @Test
  void aRollbackThatWasIncompleteBecauseAStoreWasAwayIsFinishedOnceItIsBack() throws Exception {
    Hold copy = HELD.before("CopyRows");
    platform.run("start", "-f", table.request().toString());
    copy.awaitHeld();
    table.letIntoDedicatedServer(false);
    copy.release();
    await().atMost(PATIENCE).until(() -> record().outcome() == Outcome.ROLLBACK_INCOMPLETE);
    assertThat(configuration().state()).as("the tenant comes back first").isEqualTo(State.ACTIVE);
    assertThat(platform.run("report", tenant).out()).contains(table.dedicatedDatabase());
    Answer again = platform.run("start", "-f", table.request().toString());
    assertThat(again.code()).isEqualTo(3);
    assertThat(again.errors()).contains("repair " + tenant + " --yes");

    Answer stillAway = platform.run("repair", tenant, "--yes");
    assertThat(stillAway.code()).as(stillAway.toString()).isEqualTo(5);
    assertThat(record().outcome()).isEqualTo(Outcome.ROLLBACK_INCOMPLETE);
    table.letIntoDedicatedServer(true);
    Answer repaired = platform.run("repair", tenant, "--yes");

    assertThat(repaired.code()).as(repaired.toString()).isZero();
    assertThat(table.isDedicatedDatabaseThere()).isFalse();
    assertThat(record().outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(record().report().rollback())
        .noneMatch(step -> step.status().name().equals("FAILED"));
    assertNothingIsLeft();
  }

  @Test
  @NeedsTemporalServer
  void aMigrationWhoseWorkflowIsDeletedIsRolledBackFromTheRecordAlone() throws Exception {
    TenantConfig before = configuration();
    terminateAt(HELD.before("CopyRows"));
    withTemporal(this::delete);
    assertThat(configuration().state()).isEqualTo(State.READ_ONLY);
    assertThat(platform.run("start", "-f", table.request().toString()).errors())
        .contains("tenant-migration repair " + tenant);

    Answer told = platform.run("repair", tenant);
    Answer repaired = platform.run("repair", tenant, "--yes");

    assertThat(told.code()).as(told.toString()).isEqualTo(5);
    assertThat(told.out()).contains("database " + table.dedicatedDatabase());
    assertThat(repaired.code()).as(repaired.toString()).isZero();
    assertThat(configuration().saysTheSameAs(before)).isTrue();
    assertThat(table.takesWrites()).isTrue();
    assertThat(table.isFenced()).isFalse();
    assertThat(table.isDedicatedDatabaseThere()).isFalse();
    assertThat(record().outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertNothingIsLeft();
  }

  @Test
  void aStartThatPassesByTheCommandLineIsRefusedByThePreflightAndSentToTheRepair()
      throws Exception {
    Hold copy = HELD.before("CopyRows");
    platform.run("start", "-f", table.request().toString());
    copy.awaitHeld();
    table.letIntoDedicatedServer(false);
    copy.release();
    await().atMost(PATIENCE).until(() -> record().outcome() == Outcome.ROLLBACK_INCOMPLETE);
    String incomplete = record().migrationId();
    table.letIntoDedicatedServer(true);

    MigrationReport[] second = new MigrationReport[1];
    Path request = table.request();
    withTemporal(client -> second[0] = migrate(client, request));

    assertThat(second[0].outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(second[0].refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.reason()).contains(incomplete, "is incomplete");
              assertThat(refusal.remedy()).contains("repair " + tenant + " --yes");
            });
    assertThat(record().migrationId()).as("the refused one does not hide it").isEqualTo(incomplete);
    assertThat(platform.run("repair", tenant, "--yes").code()).isZero();
    assertThat(table.isDedicatedDatabaseThere()).isFalse();
    assertNothingIsLeft();
  }

  @Test
  void aMigrationBeforeTheLastOneIsFoundToo() throws Exception {
    terminateAt(HELD.before("PlanPostgres"));
    String first = record().migrationId();
    Answer moved = platform.run("start", "-f", table.request().toString(), "--wait");
    assertThat(moved.code()).as(moved.toString()).isZero();

    Answer told = platform.run("repair", tenant);
    Answer repaired = platform.run("repair", tenant, "--yes");

    assertThat(told.code()).as(told.toString()).isEqualTo(5);
    assertThat(told.out()).contains("migration " + first);
    assertThat(repaired.code()).as(repaired.toString()).isZero();
    assertThat(repaired.out()).contains("migration " + first + " is rolled back");
    assertThat(record().outcome()).as("the last one stays as it is").isEqualTo(Outcome.COMPLETED);
    assertThat(configuration().state()).isEqualTo(State.ACTIVE);
    assertThat(configuration().databaseUrl()).contains(table.dedicatedDatabase());
    assertThat(table.isDedicatedDatabaseThere()).isTrue();
    assertNothingIsLeft();
  }

  @Test
  void aMigrationThatRunsIsNotRepaired() throws Exception {
    Hold copy = HELD.before("CopyRows");
    platform.run("start", "-f", table.request().toString());
    copy.awaitHeld();

    for (String[] command : new String[][] {{"repair", tenant}, {"repair", tenant, "--yes"}}) {
      Answer refused = platform.run(command);
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.errors()).contains("is running").contains("cancel " + tenant);
    }

    copy.release();
    assertThat(platform.run("status", tenant, "--watch").code()).isZero();
    assertNothingIsLeft();
  }

  @Test
  void aRunThatHasWrittenItsOutcomeIsWaitedForUntilItCloses() throws Exception {
    Hold copy = HELD.before("CopyRows");
    Hold drop = HELD.before("DropDatabase");
    platform.run("start", "-f", table.request().toString());
    copy.awaitHeld();
    table.letIntoDedicatedServer(false);
    copy.release();
    drop.awaitHeld();
    Hold last = drop;
    while (record().outcome() == Outcome.RUNNING) {
      Hold record = HELD.after("RecordProgress");
      last.release();
      record.awaitHeld();
      last = record;
    }
    CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS).execute(last::release);

    Answer repaired = platform.run("repair", tenant, "--yes");

    assertThat(repaired.code()).as("not refused, and still away: " + repaired).isEqualTo(5);
  }

  @Test
  void aTenantThatIsUnknownIsRefusedAndOneThatIsHealthyNeedsNothing() {
    Answer unknown = platform.run("repair", "nobody-" + tenant);
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.errors()).contains("is unknown");
    assertNothingIsLeft();
  }

  @Test
  void aRepairThatRunsKeepsEverybodyElseAway() throws Exception {
    terminateAt(HELD.before("CopyRows"));
    Hold release = HELD.before("ReleaseFence");
    Thread repair = new Thread(() -> platform.run("repair", tenant, "--yes"), "repair");
    repair.start();
    release.awaitHeld();

    assertThat(platform.run("status", tenant).out())
        .contains("ROLLING_BACK", "roll back: release the write fence")
        .containsPattern("Repair requested +\\d+ s ago, by ")
        .containsPattern("release the write fence +since 20");
    Answer second = platform.run("repair", tenant, "--yes");
    assertThat(second.code()).isEqualTo(2);
    assertThat(second.errors()).contains("is being repaired already");
    Answer start = platform.run("start", "-f", table.request().toString());
    assertThat(start.code()).isEqualTo(3);
    assertThat(start.errors()).contains("is being repaired");
    Answer cancel = platform.run("cancel", tenant, "--reason", "no");
    assertThat(cancel.code()).isEqualTo(2);
    assertThat(cancel.errors()).contains("A repair");

    release.release();
    repair.join(PATIENCE.toMillis());
    assertThat(configuration().state()).isEqualTo(State.ACTIVE);
    assertNothingIsLeft();
  }

  private void assertNothingIsLeft() {
    for (String[] command : new String[][] {{"repair", tenant}, {"repair", tenant, "--yes"}}) {
      Answer answer = platform.run(command);
      assertThat(answer.code()).as(answer.toString()).isZero();
      assertThat(answer.out()).contains("nothing is left");
    }
  }

  private void terminateAt(Hold hold) throws Exception {
    Answer started = platform.run("start", "-f", table.request().toString());
    assertThat(started.code()).as(started.toString()).isZero();
    hold.awaitHeld();
    withTemporal(client -> workflow(client).terminate("by mistake"));
  }

  private WorkflowStub workflow(WorkflowClient client) {
    return client.newUntypedWorkflowStub(TemporalNames.workflowId(tenant));
  }

  private static void withTemporal(Consumer<WorkflowClient> work) {
    try (TemporalService temporal =
        TemporalService.connect(Map.of("TEMPORAL_ADDRESS", platform.temporal().address()))) {
      work.accept(temporal.client());
    }
  }

  private TenantConfig configuration() {
    return platform.controlPlane().tenantConfigs().find(tenant).orElseThrow();
  }

  private MigrationRecord record() {
    return platform.controlPlane().migrations().latest(tenant).orElseThrow();
  }

  /** As {@code temporal workflow delete} does it, and what the end of a retention comes to. */
  private void delete(WorkflowClient client) {
    WorkflowExecution execution =
        WorkflowExecution.newBuilder().setWorkflowId(TemporalNames.workflowId(tenant)).build();
    var unused =
        client
            .getWorkflowServiceStubs()
            .blockingStub()
            .deleteWorkflowExecution(
                DeleteWorkflowExecutionRequest.newBuilder()
                    .setNamespace(client.getOptions().getNamespace())
                    .setWorkflowExecution(execution)
                    .build());
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> workflow(client).describe())
                    .isInstanceOf(WorkflowNotFoundException.class));
  }

  /** Starts the workflow without the look that the command line takes first. */
  private MigrationReport migrate(WorkflowClient client, Path request) {
    try {
      WorkflowStub workflow =
          client.newUntypedWorkflowStub(
              TemporalNames.WORKFLOW_TYPE,
              WorkflowOptions.newBuilder()
                  .setWorkflowId(TemporalNames.workflowId(tenant))
                  .setTaskQueue(TemporalNames.TASK_QUEUE)
                  .build());
      var unused =
          workflow.start(
              new RequestReader(new YAMLFactory())
                  .read(Files.readString(request))
                  .request()
                  .orElseThrow());
      return workflow.getResult(MigrationReport.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
