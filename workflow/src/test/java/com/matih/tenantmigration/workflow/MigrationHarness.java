package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.OnRollback;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import com.matih.tenantmigration.workflow.request.SnapshotSpec;
import com.matih.tenantmigration.workflow.request.TierChange;
import com.matih.tenantmigration.workflow.request.VerificationSpec;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The workflow on the SDK's test environment, with scripted activities around it. */
final class MigrationHarness implements AutoCloseable {

  static final Duration SETTLE = Duration.ofMillis(300);

  final ScriptedActivities activities = new ScriptedActivities();
  private final TestWorkflowEnvironment environment = TestWorkflowEnvironment.newInstance();
  private final TenantMigrationWorkflow workflow;

  MigrationHarness() {
    Worker worker =
        environment.newWorker(
            TemporalNames.TASK_QUEUE,
            WorkerOptions.newBuilder()
                .setMaxHeartbeatThrottleInterval(Duration.ofMillis(100))
                // the test server never gives up a sticky queue whose task was rejected
                .setStickyQueueScheduleToStartTimeout(Duration.ZERO)
                .build());
    worker.registerWorkflowImplementationTypes(
        TenantMigrationWorkflowImpl.class, TenantMigrationPlanWorkflowImpl.class);
    worker.registerActivitiesImplementations(activities);
    environment.start();
    workflow =
        environment
            .getWorkflowClient()
            .newWorkflowStub(
                TenantMigrationWorkflow.class, options(TemporalNames.workflowId("acme")));
  }

  private static WorkflowOptions options(String id) {
    return WorkflowOptions.newBuilder()
        .setTaskQueue(TemporalNames.TASK_QUEUE)
        .setWorkflowId(id)
        .build();
  }

  TenantMigrationPlanWorkflow planWorkflow() {
    return environment
        .getWorkflowClient()
        .newWorkflowStub(
            TenantMigrationPlanWorkflow.class, options(TemporalNames.planWorkflowId("acme")));
  }

  /** Starts the migration and leaves it running. */
  TenantMigrationWorkflow start(MigrationRequest request) {
    WorkflowClient.start(workflow::migrate, request);
    return workflow;
  }

  /** Runs the migration to its end. */
  MigrationReport migrate(MigrationRequest request) {
    start(request);
    return result();
  }

  MigrationReport result() {
    return stub().getResult(MigrationReport.class);
  }

  WorkflowStub stub() {
    return WorkflowStub.fromTyped(workflow);
  }

  WorkflowClient client() {
    return environment.getWorkflowClient();
  }

  /** A request with all stores. */
  static MigrationRequest request(Approval approval) {
    var database = new PostgresSpec.Database("jdbc:postgresql://localhost/shared", "migrator", "");
    var bucket = new ObjectStorageSpec.Location(null, "eu-1", "shared", "acme/", null, null);
    var kafka = new KafkaSpec.Cluster("localhost:9092", Map.of());
    var elasticsearch = new ElasticsearchSpec.Cluster("http://localhost:9200", null);
    return new MigrationRequest(
        "acme",
        "acme-tenant-id",
        new TierChange("STARTER", "ENTERPRISE"),
        approval,
        OnRollback.DROP,
        SETTLE,
        new SnapshotSpec("file:/snapshots"),
        new PostgresSpec(
            database,
            database,
            PostgresSpec.Isolation.ROWS,
            "shared_schema",
            "public",
            "tenant_id",
            List.of(),
            List.of(),
            4,
            List.of()),
        new ObjectStorageSpec(bucket, bucket, 4),
        new KafkaSpec(kafka, kafka, List.of(), List.of()),
        new ElasticsearchSpec(elasticsearch, elasticsearch, List.of()),
        new RedisSpec(
            new RedisSpec.Source("redis://localhost", "acme:"),
            new RedisSpec.Target("redis://localhost"),
            List.of()),
        VerificationSpec.NONE);
  }

  @Override
  public void close() {
    environment.close();
  }
}
