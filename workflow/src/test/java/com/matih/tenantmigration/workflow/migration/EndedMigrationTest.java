package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that was reset after its migration had ended, told so by the control plane. */
class EndedMigrationTest {

  private final MigrationHarness harness = new MigrationHarness();

  @AfterEach
  void close() {
    harness.close();
  }

  @ParameterizedTest
  @EnumSource(value = Outcome.class, mode = EnumSource.Mode.EXCLUDE, names = "RUNNING")
  void itsOutcomeIsTheRecordedOneAndNothingIsDone(Outcome outcome) {
    harness.activities.on("RecordProgress", EndedMigrationTest::ended);
    harness.activities.on("ReadRecordedReport", () -> recorded(outcome));

    TenantMigrationWorkflow workflow = harness.start(request());
    MigrationReport report = harness.result();

    assertThat(report).isEqualTo(recorded(outcome));
    assertThat(harness.activities.begun()).containsExactly("ReadRecordedReport");
    assertThat(workflow.status().phase()).isEqualTo(Phase.valueOf(outcome.name()));
    assertThat(workflow.status().report()).isEqualTo(report);
  }

  /** Only what the reset run begins anew is refused; what its history holds is replayed. */
  @ParameterizedTest
  @ValueSource(
      strings = {"PlanTopics", "ProvisionDatabase", "CopyRows", "CheckRows", "SwitchRoute"})
  void whereverItWasResetToItCleansNothingUp(String refused) {
    endFrom(refused);

    assertThat(harness.migrate(request())).isEqualTo(recorded(Outcome.COMPLETED));
    assertThat(harness.activities.ended())
        .doesNotContain("RouteBack", "ReleaseFence", "ReactivateTenant", "DropDatabase");
  }

  @Test
  void theLastStepIsNotTriedAgainWithoutEnd() {
    endFrom("ActivateTenant");

    assertThat(harness.migrate(request())).isEqualTo(recorded(Outcome.COMPLETED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"IsTenantActivated", "RouteBack", "ReleaseFence", "DropDatabase"})
  void aRunThatWasResetOnItsWayBackFindsItsOutcomeToo(String refused) {
    harness.activities.fail("CheckApiHealth", FailureType.VERIFICATION_FAILED);
    endFrom(refused);

    assertThat(harness.migrate(request())).isEqualTo(recorded(Outcome.COMPLETED));
  }

  @Test
  void aRunThatWasResetWhileItTidiedUpFindsItsOutcomeToo() {
    endFrom("RemoveLedger");

    assertThat(harness.migrate(request())).isEqualTo(recorded(Outcome.COMPLETED));
  }

  @Test
  void aCommandThatReachesItDoesNotBreakIt() {
    CountDownLatch begins = new CountDownLatch(1);
    CountDownLatch until = new CountDownLatch(1);
    harness.activities.hold("CopyRows", begins, until);
    harness.activities.on("ReadRecordedReport", () -> recorded(Outcome.COMPLETED));
    TenantMigrationWorkflow workflow = harness.start(request());
    ScriptedActivities.await(begins);
    harness.activities.letOthersEnd();

    harness.activities.on("RecordProgress", EndedMigrationTest::ended);
    workflow.pause("lunch", "dana");
    // the test server, unlike a real one, rejects a cancel that crosses an activity's end
    harness.awaitEnded("CopyRows cancelled");
    workflow.resume("dana");
    until.countDown();

    assertThat(harness.result()).isEqualTo(recorded(Outcome.COMPLETED));
  }

  @Test
  void aContextIsWrittenAsAnEarlierWorkerReadsItUnlessItIsARepairs() throws Exception {
    ObjectMapper json = JacksonJsonPayloadConverter.newDefaultObjectMapper();
    MigrationContext own = new MigrationContext("id", "workflow", "run", request());
    MigrationContext repair =
        new MigrationContext("id", "workflow", "run", request(), true, false, true);

    assertThat(json.valueToTree(own).has("repair")).isFalse();
    for (MigrationContext context : List.of(own, repair)) {
      assertThat(json.readValue(json.writeValueAsString(context), MigrationContext.class))
          .isEqualTo(context);
    }
  }

  private static MigrationRequest request() {
    return MigrationHarness.request(Approval.AUTOMATIC);
  }

  private void endFrom(String activity) {
    Supplier<Object> refusal =
        () -> {
          harness.activities.on("RecordProgress", EndedMigrationTest::ended);
          harness.activities.letOthersEnd();
          return ended();
        };
    harness.activities.on(activity, refusal);
    harness.activities.on("ReadRecordedReport", () -> recorded(Outcome.COMPLETED));
  }

  private static Object ended() {
    throw ApplicationFailure.newNonRetryableFailure(
        "it has ended", FailureType.MIGRATION_ENDED.name());
  }

  private static MigrationReport recorded(Outcome outcome) {
    return new MigrationReport(
        "0123456789ab",
        "tenant-migration-acme",
        "the run that ended it",
        "acme",
        outcome,
        false,
        null,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        null,
        StoresSummary.NONE,
        List.of(),
        List.of(),
        null,
        null,
        List.of(),
        List.of(),
        null);
  }
}
