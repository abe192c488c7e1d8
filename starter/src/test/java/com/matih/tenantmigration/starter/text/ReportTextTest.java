package com.matih.tenantmigration.starter.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTextTest {

  @Test
  void aReportSaysWhatFailedWhatWasMovedAndWhatWasUndone() {
    String text =
        ReportText.of(
            new MigrationReport(
                "m1",
                "tenant-migration-acme",
                "r1",
                "acme",
                Outcome.ROLLED_BACK,
                false,
                new Failure(Phase.VERIFY, FailureType.VERIFICATION_FAILED, "ROW_COUNT failed"),
                List.of(),
                List.of(),
                List.of(
                    new PhaseTiming(
                        Phase.COPY,
                        Instant.parse("2026-01-01T00:00:00Z"),
                        Instant.parse("2026-01-01T00:01:05Z"))),
                "file:/snapshots/acme/m1",
                3.25,
                StoresSummary.of(
                    new StoresSummary.Postgres(
                        List.of(new StoresSummary.Table("public.queries", 200_000, 1536)))),
                List.of(
                    new CheckResult(
                        CheckName.ROW_COUNT,
                        CheckResult.Status.FAILED,
                        7,
                        List.of("queries: 1 instead of 2", "users: 3 instead of 4"))),
                List.of(new RollbackStep("DROP_DATABASE", RollbackStep.Status.DONE, "dropped")),
                null,
                null,
                List.of(),
                null));

    assertThat(text)
        .contains("Tenant acme: rolled back")
        .contains("failed in VERIFY: ROW_COUNT failed (VERIFICATION_FAILED)")
        .contains("could not write for 3.3 s")
        .contains("1 min 05 s")
        .containsPattern("postgres +public.queries +200,000 +rows +1.5 KiB")
        .containsPattern("ROW_COUNT +FAILED +7 +queries: 1 instead of 2")
        .contains("  users: 3 instead of 4")
        .containsPattern("DROP_DATABASE +DONE +dropped");
  }

  @Test
  void aPlanNamesEveryRefusalWithItsRemedy() {
    String text =
        PlanText.of(
            new MigrationPlan(
                "acme",
                List.of(new Refusal("postgres", "acme", "the database is not empty", "Empty it.")),
                List.of(new Warning("verification", "api", "no endpoints are named")),
                StoresSummary.NONE));

    assertThat(text)
        .contains("it cannot be migrated as it is (1 refused)")
        .contains("postgres acme: the database is not empty")
        .contains("Empty it.")
        .contains("verification api: no endpoints are named");
  }
}
