package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.controlplane.AuditLine;
import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.embedded.testing.NeedsTemporalServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflowservice.v1.ResetWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowTargetOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The main button of Temporal's UI on a closed run, pressed at each point that it offers. */
@NeedsTemporalServer
@Timeout(900)
class ResetIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static TestPlatform platform;
  private static WorkflowServiceStubs service;
  private static WorkflowClient client;

  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);
  @TempDir private Path folder;

  @BeforeAll
  static void start() throws SQLException {
    platform = new TestPlatform();
    service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(platform.temporal().address())
                .build());
    client = WorkflowClient.newInstance(service);
  }

  @AfterAll
  static void stop() {
    service.shutdownNow();
    platform.close();
  }

  @Test
  void aCompletedMigrationStaysCompletedAndWhatTheTenantWorksWithStays() throws Exception {
    Path request = prepare();
    platform.run("start", "-f", request.toString(), "--wait");

    resetToEachWorkflowTaskAndSeeThatNothingChanges(Outcome.COMPLETED);

    assertThat(topic()).isPresent();
  }

  @Test
  void aRolledBackMigrationStaysRolledBack() throws Exception {
    Path request = prepare();
    String text = Files.readString(request);
    Files.writeString(request, text.replace("settle: 0s", "settle: 10m"));
    platform.run("start", "-f", request.toString());
    await().atMost(PATIENCE).until(() -> configuration().state() == State.READ_ONLY);
    platform.run("cancel", tenant, "--reason", "not today");
    platform.run("status", tenant, "--watch");

    resetToEachWorkflowTaskAndSeeThatNothingChanges(Outcome.ROLLED_BACK);

    assertThat(topic()).isEmpty();
    assertThat(configuration().state()).isEqualTo(State.ACTIVE);
  }

  @Test
  void aRefusedMigrationStaysRefused() throws Exception {
    Path request = prepare();
    String text = Files.readString(request);
    Files.writeString(request, text.replace("from: STARTER", "from: PREMIUM"));
    platform.run("start", "-f", request.toString(), "--wait");

    resetToEachWorkflowTaskAndSeeThatNothingChanges(Outcome.REFUSED);

    assertThat(topic()).isEmpty();
  }

  private Path prepare() throws Exception {
    platform.addTenant(tenant);
    OneTopic migration = new OneTopic(tenant, folder);
    migration.produce();
    return migration.request("automatic");
  }

  private void resetToEachWorkflowTaskAndSeeThatNothingChanges(Outcome outcome) throws Exception {
    await().atMost(PATIENCE).until(() -> record().outcome() == outcome);
    MigrationReport report = result(execution(""));
    Standing before = standing();
    WorkflowExecution ended = execution(report.runId());
    List<Long> points =
        client.fetchHistory(ended.getWorkflowId(), ended.getRunId()).getEvents().stream()
            .filter(event -> event.getEventType() == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
            .map(HistoryEvent::getEventId)
            .toList();
    assertThat(points).isNotEmpty();

    for (long point : points) {
      WorkflowExecution reset = reset(ended, point);

      assertThat(result(reset)).as("reset to event %d", point).isEqualTo(report);
      assertThat(standing()).as("reset to event %d", point).isEqualTo(before);
    }
    assertThat(platform.run("status", tenant).out()).doesNotContain("is running");
  }

  private WorkflowExecution reset(WorkflowExecution ended, long point) {
    String run =
        service
            .blockingStub()
            .resetWorkflowExecution(
                ResetWorkflowExecutionRequest.newBuilder()
                    .setNamespace("default")
                    .setWorkflowExecution(ended)
                    .setWorkflowTaskFinishEventId(point)
                    .setRequestId(UUID.randomUUID().toString())
                    .setReason("to see what happens")
                    .build())
            .getRunId();
    return execution(run);
  }

  private MigrationReport result(WorkflowExecution run) throws Exception {
    return client
        .newUntypedWorkflowStub(
            WorkflowTargetOptions.newBuilder().setWorkflowExecution(run).build(),
            Optional.of(TemporalNames.WORKFLOW_TYPE))
        .getResult(PATIENCE.toSeconds(), TimeUnit.SECONDS, MigrationReport.class);
  }

  private WorkflowExecution execution(String run) {
    return WorkflowExecution.newBuilder()
        .setWorkflowId(TemporalNames.workflowId(tenant))
        .setRunId(run)
        .build();
  }

  private MigrationRecord record() {
    return platform.controlPlane().migrations().latest(tenant).orElseThrow();
  }

  private TenantConfig configuration() {
    return platform.controlPlane().tenantConfigs().find(tenant).orElseThrow();
  }

  /** Everything that a run could change. */
  private record Standing(
      TenantConfig configuration,
      MigrationRecord record,
      List<AuditLine> trail,
      Optional<Uuid> topic,
      Map<Integer, Long> ends,
      List<String> groups) {}

  private Standing standing() throws Exception {
    try (Admin admin = dedicated()) {
      Optional<TopicDescription> topic = describe(admin);
      Map<TopicPartition, OffsetSpec> partitions =
          topic.stream()
              .flatMap(found -> found.partitions().stream())
              .collect(
                  Collectors.toMap(
                      partition -> new TopicPartition(name(), partition.partition()),
                      partition -> OffsetSpec.latest()));
      return new Standing(
          configuration(),
          record(),
          platform.controlPlane().auditTrail().list(tenant),
          topic.map(TopicDescription::topicId),
          admin.listOffsets(partitions).all().get().entrySet().stream()
              .collect(
                  Collectors.toMap(
                      end -> end.getKey().partition(), end -> end.getValue().offset())),
          admin.listGroups().all().get().stream()
              .map(GroupListing::groupId)
              .filter(group -> group.contains(record().migrationId()))
              .sorted()
              .toList());
    }
  }

  private Optional<Uuid> topic() throws Exception {
    try (Admin admin = dedicated()) {
      return describe(admin).map(TopicDescription::topicId);
    }
  }

  private Optional<TopicDescription> describe(Admin admin) throws Exception {
    return admin.listTopics().names().get().contains(name())
        ? Optional.of(admin.describeTopics(List.of(name())).allTopicNames().get().get(name()))
        : Optional.empty();
  }

  private String name() {
    return tenant + "-own";
  }

  private static Admin dedicated() {
    return Admin.create(
        Map.of("bootstrap.servers", TestServers.dedicatedKafka().bootstrapServers()));
  }
}
