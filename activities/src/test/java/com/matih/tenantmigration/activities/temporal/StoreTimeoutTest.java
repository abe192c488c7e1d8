package com.matih.tenantmigration.activities.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.TestRequests;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.temporal.Failures;
import com.matih.tenantmigration.workflow.temporal.Stubs;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How long a step is tried that gets nowhere, by a real run of a workflow. */
@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class StoreTimeoutTest {

  private static final String QUEUE = "store-timeout";
  private static final Duration TIMEOUT = Duration.ofSeconds(4);
  private static final MigrationContext CONTEXT =
      TestRequests.context(
          "0123456789ab",
          TestRequests.withStoreTimeout(TestRequests.withObjectStorage(null), TIMEOUT));

  private final TestWorkflowEnvironment temporal =
      TestWorkflowEnvironment.newInstance(
          TestEnvironmentOptions.newBuilder().setUseTimeskipping(false).build());
  private final Work work = new Work();
  private final Instant begun = Instant.now();

  @ActivityInterface
  public interface Steps {
    @ActivityMethod(name = "CopyObjects")
    void copyObjects();

    @ActivityMethod(name = "ProvisionBucket")
    void provisionBucket();
  }

  /** Runs the engine that the test gives it. */
  public static final class Work implements Steps {

    private volatile Consumer<ProgressMonitor> engine = monitor -> {};
    private volatile int attempts;

    @Override
    public void copyObjects() {
      attempt();
    }

    @Override
    public void provisionBucket() {
      attempt();
    }

    private synchronized void attempt() {
      attempts++;
      ActivityRunner.run(CONTEXT, engine);
    }
  }

  @WorkflowInterface
  public interface OneStep {
    /** Answers with the failure, as the report would tell it; empty where there is none. */
    @WorkflowMethod
    String run(Step step);
  }

  /** Runs a step as a migration does. */
  public static final class OneStepImpl implements OneStep {

    private final Stubs<Steps> steps = Stubs.of(Steps.class, CONTEXT);

    @Override
    public String run(Step step) {
      try {
        if (step == Step.COPY_OBJECTS) {
          steps.bulk().copyObjects();
        } else {
          steps.patient().provisionBucket();
        }
        return "";
      } catch (ActivityFailure e) {
        return Failures.type(e) + " " + Failures.message(e);
      }
    }
  }

  @BeforeEach
  void start() {
    for (String queue : List.of(QUEUE, TemporalNames.bulkTaskQueue(QUEUE))) {
      Worker worker = temporal.newWorker(queue);
      worker.registerWorkflowImplementationTypes(OneStepImpl.class);
      worker.registerActivitiesImplementations(work);
    }
    temporal.start();
  }

  @AfterEach
  void close() {
    temporal.close();
  }

  private String run(Step step) {
    WorkflowClient client = temporal.getWorkflowClient();
    return client
        .newWorkflowStub(OneStep.class, WorkflowOptions.newBuilder().setTaskQueue(QUEUE).build())
        .run(step);
  }

  private static MigrationException unreachable() {
    return new MigrationException(FailureType.STORE_UNREACHABLE, "Nobody answers.");
  }

  @Test
  void aStepThatGetsNowhereIsGivenUpAndTheTenantComesBack() {
    work.engine =
        monitor -> {
          throw unreachable();
        };

    String failure = run(Step.COPY_OBJECTS);

    assertThat(failure)
        .startsWith("STORE_UNREACHABLE Nobody answers. No attempt got further for ")
        .endsWith("the tenant is read-only meanwhile (storeTimeout: 4s).");
    // an attempt that would begin when the time is over is not made
    assertThat(Duration.between(begun, Instant.now()))
        .isBetween(TIMEOUT.minusSeconds(1), TIMEOUT.multipliedBy(4));
    assertThat(work.attempts).isBetween(3, 10);
  }

  /** Each attempt moves one object more, over a longer time than the timeout. */
  @Test
  void aStepThatGetsFurtherInEachAttemptIsTriedAgain() {
    work.engine =
        monitor -> {
          int before = work.attempts - 1;
          monitor.resumeAt(new Progress(before, 9, "objects", "copying"));
          monitor.update(new Progress(before + 1L, 9, "objects", "copying"));
          if (work.attempts < 9) {
            throw unreachable();
          }
        };

    assertThat(run(Step.COPY_OBJECTS)).isEmpty();

    assertThat(Duration.between(begun, Instant.now())).isGreaterThan(TIMEOUT);
  }

  /** An attempt that reads again what an earlier one had done has got no further. */
  @Test
  void whatIsDoneOnceMoreIsNoProgress() {
    work.engine =
        monitor -> {
          monitor.resumeAt(new Progress(7, 9, "objects", "copying"));
          monitor.update(new Progress(7, 9, "objects", "copying again"));
          throw unreachable();
        };

    assertThat(run(Step.COPY_OBJECTS)).contains("No attempt got further for ");
  }

  @Test
  void aStepThatNobodyWaitsForIsTriedForLonger() {
    work.engine =
        monitor -> {
          if (Duration.between(begun, Instant.now()).compareTo(TIMEOUT.plusSeconds(1)) < 0) {
            throw unreachable();
          }
        };

    assertThat(run(Step.PROVISION_BUCKET)).isEmpty();
  }
}
