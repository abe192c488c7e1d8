package com.matih.tenantmigration.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.workflow.TemporalNames;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MigrationControlIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final IdlePlatform platform = new IdlePlatform();
  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);

  @BeforeEach
  void start() {
    var unused = platform.migrations().start(IdlePlatform.request(tenant));
  }

  @AfterEach
  void stop() {
    platform
        .client()
        .newUntypedWorkflowStub(TemporalNames.workflowId(tenant))
        .terminate("the test is over");
    platform.close();
  }

  @Test
  void aWishIsAnsweredAndOneThatIsRefusedToldWhy() {
    platform.startWorker();
    MigrationControl control = control(PATIENCE);

    assertThat(control.approve(tenant, "ada")).isEqualTo("approved by ada");
    assertThatThrownBy(() -> control.approve(tenant, " "))
        .isInstanceOf(OperationRejectedException.class)
        .hasMessage("Approver name is required.");
  }

  @Test
  void whereTheControlPlaneIsGoneTheMigrationItselfTellsWhereItStands() {
    platform.startWorker();
    platform.takeAway();

    IdlePlatform.Answer answer = platform.run("status", tenant);

    assertThat(answer.code()).as(answer.errors()).isZero();
    assertThat(answer.out()).contains("Tenant " + tenant).contains("COPY");
  }

  @Test
  void aCancelThatIsAcceptedAndCannotBePutOnRecordYetIsNoFailure() {
    platform.startWorker();

    assertThat(control(PATIENCE).cancel(tenant, "wrong window", "dana"))
        .contains("has accepted the command")
        .contains("not recorded yet");
  }

  @Test
  void aCancelThatNoWorkerTakesIsGivenUpWholeAndSaidToBeAbleToArriveYet() {
    assertThatThrownBy(() -> control(Duration.ofSeconds(2)).cancel(tenant, "x", "dana"))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("No worker answered")
        .hasMessageContaining("may still arrive");

    await().atMost(Duration.ofSeconds(10)).until(() -> !MigrationControlIT.somebodyAsks());
  }

  /** Whether a thread waits for an answer; idle ones of the pool do not. */
  private static boolean somebodyAsks() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().equals("control"))
        .flatMap(thread -> Arrays.stream(thread.getValue()))
        .anyMatch(frame -> frame.getClassName().startsWith(MigrationControl.class.getName()));
  }

  private MigrationControl control(Duration patience) {
    return new MigrationControl(
        platform.client(),
        platform.controlPlane().migrations(),
        new OutsideEnds(platform.client(), platform.controlPlane()),
        patience,
        Duration.ofSeconds(2));
  }
}
