package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.CheckResult.Status;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.Mode;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written on the shared side after the cutover. */
class LateWritesTest extends HeldMigration {

  @ParameterizedTest
  @EnumSource
  void theyAreSearchedForBeforeWhatTellsThemIsRemoved(Mode mode) {
    MigrationReport report = migrate(mode);

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.warnings()).isEmpty();
    assertThat(harness.activities.ended())
        .containsSubsequence("ActivateTenant", "CheckLateWrites", "RemoveLedger");
    assertThat(report.checks())
        .as("the check before the cutover stands")
        .filteredOn(result -> result.check() == CheckName.SOURCE_QUIET)
        .hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void theyAreWarningsOfACompletedMigration(Mode mode) {
    harness.activities.on(
        "CheckLateWrites",
        () ->
            new CheckResult(
                CheckName.SOURCE_QUIET,
                Status.FAILED,
                3,
                List.of(
                    "orders-1 offset 7 was written for the tenant after the fence", "another")));

    MigrationReport report = migrate(mode);

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.warnings())
        .extracting(Warning::object, Warning::message)
        .satisfiesExactly(
            first ->
                assertThat(first.toString())
                    .contains("late writes", "orders-1 offset 7", "stop the service that wrote it"),
            second -> assertThat(second.toString()).contains("another"));
  }

  @ParameterizedTest
  @EnumSource
  void aLookThatIsNotPossibleIsAWarning(Mode mode) {
    harness.activities.fail("CheckLateWrites", FailureType.PERMISSION_DENIED);

    MigrationReport report = migrate(mode);

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.warnings())
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.message())
                    .contains("Not known whether services still write", "CheckLateWrites broke"));
    assertThat(harness.activities.ended()).contains("RemoveLedger");
  }

  private MigrationReport migrate(Mode mode) {
    return harness.migrate(MigrationHarness.request(Approval.AUTOMATIC).in(mode));
  }
}
