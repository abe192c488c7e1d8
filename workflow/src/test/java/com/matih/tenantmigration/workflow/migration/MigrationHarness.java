package com.matih.tenantmigration.workflow.migration;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryption;
import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import com.matih.tenantmigration.workflow.request.validation.RequestReading;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/** The workflow with scripted activities around it, on the SDK's test environment or a server. */
public final class MigrationHarness implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  static final Duration SETTLE = Duration.ofMillis(300);

  final ScriptedActivities activities = new ScriptedActivities();
  private final boolean isShared;
  private final TestWorkflowEnvironment environment;
  private final TenantMigrationWorkflow workflow;

  MigrationHarness() {
    this(TestEnvironmentOptions.getDefaultInstance(), true);
  }

  /** One in which nobody has room for bulk work. */
  static MigrationHarness withoutRoomForBulk() {
    return new MigrationHarness(TestEnvironmentOptions.getDefaultInstance(), false);
  }

  /** One whose client and worker encrypt what Temporal keeps. */
  static MigrationHarness with(PayloadEncryption encryption) {
    return new MigrationHarness(
        TestEnvironmentOptions.newBuilder()
            .setWorkflowClientOptions(
                WorkflowClientOptions.newBuilder()
                    .setDataConverter(encryption.dataConverter())
                    .build())
            .build(),
        true);
  }

  /**
   * The same on a server that runs already.
   *
   * @param address host and port of its gRPC interface
   */
  static MigrationHarness on(String address) {
    return new MigrationHarness(
        TestEnvironmentOptions.newBuilder().setUseExternalService(true).setTarget(address).build(),
        true);
  }

  private MigrationHarness(TestEnvironmentOptions options, boolean roomForBulk) {
    isShared = options.isUseExternalService();
    environment = TestWorkflowEnvironment.newInstance(options);
    WorkerOptions settings =
        WorkerOptions.newBuilder()
            .setMaxHeartbeatThrottleInterval(Duration.ofMillis(100))
            .setDefaultDeadlockDetectionTimeout(20_000)
            // the test server never gives up a sticky queue whose task was rejected
            .setStickyQueueScheduleToStartTimeout(Duration.ZERO)
            .build();
    Worker worker = environment.newWorker(TemporalNames.TASK_QUEUE, settings);
    worker.registerWorkflowImplementationTypes(
        TenantMigrationWorkflowImpl.class,
        TenantMigrationPlanWorkflowImpl.class,
        TenantMigrationRepairWorkflowImpl.class);
    worker.registerActivitiesImplementations(activities);
    if (roomForBulk) {
      environment
          .newWorker(TemporalNames.bulkTaskQueue(TemporalNames.TASK_QUEUE), settings)
          .registerActivitiesImplementations(activities);
    }
    environment
        .newWorker(TemporalNames.followingTaskQueue(TemporalNames.TASK_QUEUE), settings)
        .registerActivitiesImplementations(activities);
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

  /** Runs a plan to its end. */
  MigrationPlan plan(MigrationRequest request) {
    return planOf(request);
  }

  /** The same as an operator asks for it who wants no rehearsal. */
  MigrationPlan planWithoutRehearsal(MigrationRequest request) {
    return planOf(request, true);
  }

  private MigrationPlan planOf(Object... arguments) {
    WorkflowStub plan =
        environment
            .getWorkflowClient()
            .newUntypedWorkflowStub(
                TemporalNames.PLAN_WORKFLOW_TYPE, options(TemporalNames.planWorkflowId("acme")));
    plan.start(arguments);
    return plan.getResult(MigrationPlan.class);
  }

  /** Starts the migration and leaves it running. */
  TenantMigrationWorkflow start(MigrationRequest request) {
    stub().start(request);
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

  /** Waits until an activity has ended; one that was cancelled is called {@code … cancelled}. */
  void awaitEnded(String activity) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!activities.ended().contains(activity)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(activity + " has not ended; these have: " + activities.ended());
      }
      ScriptedActivities.pause(Duration.ofMillis(50));
    }
  }

  /** Ends a migration that a failed test has left running on a shared server. */
  void terminate() {
    try {
      stub().terminate("its test has ended");
    } catch (WorkflowNotFoundException e) {
      // it has ended, as it should
    }
  }

  /** Lets the test environment's time pass, without waiting for it. */
  void sleep(Duration time) {
    environment.sleep(time);
  }

  WorkflowStub stub() {
    return WorkflowStub.fromTyped(workflow);
  }

  WorkflowClient client() {
    return environment.getWorkflowClient();
  }

  /** A request with all stores. */
  public static MigrationRequest request(Approval approval) {
    return read(resource("/acme.yaml") + "approval: " + approval.name().toLowerCase(Locale.ROOT));
  }

  /** A request whose rows refer to objects. */
  static MigrationRequest requestWithReferences() {
    return read(
        resource("/acme.yaml")
            .replace(
                "  tenantColumn: tenant_id",
                "  tenantColumn: tenant_id\n"
                    + "  storageReferences: [{table: documents, column: file}]"));
  }

  private static MigrationRequest read(String text) {
    RequestReading reading = new RequestReader(new YAMLFactory()).read(text);
    return reading.request().orElseThrow(() -> new AssertionError(reading.problems().toString()));
  }

  /** A request that moves a database while the tenant works. */
  static MigrationRequest onlineRequest(Approval approval) {
    MigrationRequest all = request(approval);
    return new MigrationRequest(
        all.tenant(),
        all.tenantKey(),
        all.tier(),
        Mode.ONLINE,
        all.approval(),
        all.onRollback(),
        all.settle(),
        all.storeTimeout(),
        all.snapshot(),
        all.postgres(),
        null,
        null,
        null,
        null,
        all.verification());
  }

  private static String resource(String name) {
    try (InputStream stream = MigrationHarness.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Ends the environment, which takes about a second. One of its own ends on a thread that no test
   * waits for; on a shared server an old worker would take the next test's tasks.
   */
  @Override
  public void close() {
    if (isShared) {
      environment.close();
      return;
    }
    Thread closing = new Thread(environment::close, "closing-environment");
    closing.setDaemon(true);
    closing.start();
  }
}
