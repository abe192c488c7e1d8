package com.matih.tenantmigration.activities.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.postgres.TestRequests;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What an engine learns of the attempt that it runs in, from a real run of a workflow. */
class ActivityAttemptTest {

  private static final String QUEUE = "attempts";
  private static final List<Attempt> SEEN = new CopyOnWriteArrayList<>();

  @ActivityInterface
  public interface Work {
    void work();
  }

  @WorkflowInterface
  public interface Twice {
    @WorkflowMethod
    void run();
  }

  /** Is superseded in the first attempt of each activity, although it is the current one. */
  public static final class SupersededOnce implements Work {
    @Override
    public void work() {
      MigrationContext context =
          TestRequests.context("0123456789ab", TestRequests.withObjectStorage(null));
      ActivityRunner.run(
          context,
          monitor -> {
            SEEN.add(monitor.attempt());
            assertThat(monitor.attempt()).isEqualTo(SEEN.get(SEEN.size() - 1));
            if (SEEN.size() % 2 == 1) {
              throw new MigrationException(FailureType.WRITER_SUPERSEDED, "another one took over");
            }
          });
    }
  }

  /** Schedules the activity twice, as a pause and a resume do. */
  public static final class TwiceImpl implements Twice {
    @Override
    public void run() {
      Work work =
          Workflow.newActivityStub(
              Work.class,
              ActivityOptions.newBuilder().setStartToCloseTimeout(Duration.ofMinutes(1)).build());
      work.work();
      work.work();
    }
  }

  @Test
  void aSupersededAttemptIsTriedAgainAndEachAttemptIsLaterThanAllBefore() {
    try (TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance()) {
      Worker worker = temporal.newWorker(QUEUE);
      worker.registerWorkflowImplementationTypes(TwiceImpl.class);
      worker.registerActivitiesImplementations(new SupersededOnce());
      temporal.start();
      WorkflowClient client = temporal.getWorkflowClient();

      client
          .newWorkflowStub(Twice.class, WorkflowOptions.newBuilder().setTaskQueue(QUEUE).build())
          .run();
    }

    assertThat(SEEN).hasSize(4).isSorted().doesNotHaveDuplicates();
  }
}
