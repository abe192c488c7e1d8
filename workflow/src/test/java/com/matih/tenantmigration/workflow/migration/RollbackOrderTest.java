package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.activity.RecordActivities.Entry;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Delay;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.RollbackStep.Status;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.temporal.UntilDone;
import io.temporal.api.history.v1.ActivityTaskScheduledEventAttributes;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.sdk.v1.WorkflowMetadata;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tenant comes back first, and for certain; nothing is removed before it is back. */
class RollbackOrderTest {

  private static final List<String> CLEANING =
      List.of(
          "DropDatabase",
          "DeleteObjects",
          "DeleteTopics",
          "DeleteIndices",
          "EvictCache",
          "RemoveFence");

  private static final List<String> BRINGING_BACK =
      List.of("IsTenantActivated", "RouteBack", "ReleaseFence", "ReactivateTenant");

  private final MigrationHarness harness = new MigrationHarness();
  private final AtomicBoolean broken = new AtomicBoolean(true);

  @BeforeEach
  void failAfterTheRouteWasSwitched() {
    harness.activities.on(
        "CheckApiHealth",
        () ->
            new CheckResult(
                CheckName.API_HEALTH, CheckResult.Status.FAILED, 1, List.of("answered 500")));
  }

  @AfterEach
  void close() {
    harness.close();
  }

  private MigrationReport migrate() {
    return harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));
  }

  @ParameterizedTest
  @ValueSource(strings = {"IsTenantActivated", "RouteBack", "ReleaseFence", "ReactivateTenant"})
  void whatBringsATenantBackIsTriedUntilItIsDone(String activity) {
    AtomicInteger attempts = failAtFirst(activity, 60);

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(attempts).hasValue(61);
    assertThat(report.warnings()).as("told once").hasSize(1);
    assertThat(harness.activities.ended())
        .containsSubsequence(
            "IsTenantActivated", "RouteBack", "ReleaseFence", "ReactivateTenant", "EvictCache");
  }

  /** So the tenant writes within a minute of the moment that the stores answer. */
  @Test
  void aTryThatHangsAndThePauseAfterItTakeLessThanAMinute() {
    migrate();

    List<ActivityTaskScheduledEventAttributes> scheduled =
        harness.client().fetchHistory(TemporalNames.workflowId("acme")).getEvents().stream()
            .filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
            .map(HistoryEvent::getActivityTaskScheduledEventAttributes)
            .filter(step -> BRINGING_BACK.contains(step.getActivityType().getName()))
            .toList();

    assertThat(scheduled)
        .hasSameSizeAs(BRINGING_BACK)
        .allSatisfy(
            step -> {
              long hangs = step.getStartToCloseTimeout().getSeconds();
              long pause = step.getRetryPolicy().getMaximumInterval().getSeconds();
              assertThat(hangs + pause).isBetween(1L, 59L);
              assertThat(step.getRetryPolicy().getMaximumAttempts()).as("without end").isZero();
            });
  }

  @Test
  void aTryThatWasNotTheLastCostsTheHistoryNothing() {
    failAtFirst("ReleaseFence", 300);
    migrate();

    assertThat(harness.client().fetchHistory(TemporalNames.workflowId("acme")).getEvents())
        .hasSizeLessThan(300);
  }

  private AtomicInteger failAtFirst(String activity, int times) {
    AtomicInteger attempts = new AtomicInteger();
    harness.activities.on(
        activity,
        () -> {
          if (attempts.incrementAndGet() <= times) {
            throw refused();
          }
          return ScriptedActivities.usualAnswer(activity);
        });
    return attempts;
  }

  /** As the activities tell it: what they are refused today they may be granted tomorrow. */
  private static ApplicationFailure refused() {
    return ApplicationFailure.newFailure(
        "the role may not log in", FailureType.PERMISSION_DENIED.name());
  }

  @Test
  void whatTakesLongIsToldWhileItIsTried() {
    harness.activities.on(
        "ReleaseFence",
        () -> {
          if (broken.get()) {
            throw refused();
          }
          return ScriptedActivities.usualAnswer("ReleaseFence");
        });
    TenantMigrationWorkflow workflow = harness.start(MigrationHarness.request(Approval.AUTOMATIC));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> harness.activities.begun().contains("ReleaseFence"));
    assertThat(workflow.status().delay()).isNull();

    harness.sleep(UntilDone.TELL_AFTER.plusSeconds(5));

    Delay delay = workflow.status().delay();
    assertThat(delay.step()).isEqualTo("RELEASE_FENCE");
    assertThat(workflow.status().report().warnings())
        .singleElement()
        .extracting(Warning::object)
        .isEqualTo("RELEASE_FENCE");
    assertThat(currentDetails()).contains("**RELEASE\\_FENCE has been tried since");
    assertThat(harness.activities.audit())
        .filteredOn(entry -> entry.event().equals("DELAY"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.details()).containsEntry("step", "RELEASE_FENCE"));
    broken.set(false);
    assertThat(harness.result().outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(workflow.status().delay()).isNull();
    assertThat(currentDetails()).doesNotContain("has been tried since");
  }

  private String currentDetails() {
    return harness
        .stub()
        .query("__temporal_workflow_metadata", WorkflowMetadata.class)
        .getCurrentDetails();
  }

  @ParameterizedTest
  @CsvSource({
    "RouteBack, ROUTE_BACK",
    "ReleaseFence, RELEASE_FENCE",
    "ReactivateTenant, REACTIVATE_TENANT"
  })
  void nothingIsRemovedWhereAStepOfTheWayBackWasRefused(String activity, String step) {
    harness.activities.on(
        activity, () -> new RollbackStep(step, Status.FAILED, "somebody else changed it"));

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLBACK_INCOMPLETE);
    assertThat(harness.activities.begun()).doesNotContainAnyElementsOf(CLEANING);
    assertThat(report.rollback())
        .filteredOn(result -> result.step().equals("DROP_DATABASE"))
        .singleElement()
        .satisfies(
            result ->
                assertThat(result.message())
                    .contains("it depends on " + step, "jdbc:postgresql://", "/acme"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ProvisionBucket", "CopyRows"})
  void aTenantThatWasActivatedGoesForwardWhereverItBreaks(String activity) {
    harness.activities.fail(activity, FailureType.CONTENT_MISMATCH);
    harness.activities.on("IsTenantActivated", () -> true);

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(harness.activities.begun()).doesNotContainAnyElementsOf(CLEANING);
  }

  @Test
  void theFencesTriggersAreRemovedLastAndForHours() {
    AtomicInteger attempts = failAtFirst("RemoveFence", 150);

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(attempts).hasValue(151);
    assertThat(report.rollback())
        .last()
        .extracting(RollbackStep::step, RollbackStep::status)
        .containsExactly("REMOVE_FENCE", Status.DONE);
    assertThat(report.warnings()).isEmpty();
  }

  @Test
  void triggersThatStayAreAWarningThatNamesWhere() {
    harness.activities.on(
        "RemoveFence",
        () -> {
          throw ApplicationFailure.newFailure(
              "shared_schema.queries is held by pg_dump", FailureType.STORE_ERROR.name());
        });

    MigrationReport report = migrate();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.object()).contains("triggers", "shared_schema");
              assertThat(warning.message()).contains("held by pg_dump");
            });
  }

  @Test
  void aControlPlaneThatTakesNoRecordsHoldsNoTenantUp() {
    harness.activities.on(
        "IsTenantActivated",
        () -> {
          harness.activities.on(
              "RecordProgress",
              () -> {
                if (broken.get()) {
                  throw ApplicationFailure.newFailure(
                      "no space left on device", FailureType.STORE_ERROR.name());
                }
                return "";
              });
          return false;
        });
    TenantMigrationWorkflow workflow = harness.start(MigrationHarness.request(Approval.AUTOMATIC));

    await()
        .atMost(Duration.ofSeconds(50))
        .until(() -> harness.activities.ended().contains("ReactivateTenant"));
    assertThat(workflow.status().report().writableAt()).isNotNull();
    broken.set(false);

    assertThat(harness.result().outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(harness.activities.audit())
        .extracting(Entry::key)
        .doesNotHaveDuplicates()
        .contains(
            "PHASE/ROLLING_BACK/STARTED/1",
            "COMPENSATION/ROUTE_BACK/1",
            "COMPENSATION/REACTIVATE_TENANT/1",
            "PHASE/ROLLED_BACK/ENDED/1");
  }
}
