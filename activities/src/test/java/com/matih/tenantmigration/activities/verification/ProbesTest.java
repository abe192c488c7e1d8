package com.matih.tenantmigration.activities.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.CheckResult.Status;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ProbesTest {

  @Test
  void whereNoProbeAppliesTheWholeDoesNotApply() {
    assertThat(run(Finding.notApplicable("a"), Finding.notApplicable("b")).status())
        .isEqualTo(Status.SKIPPED);
    assertThat(run().status()).isEqualTo(Status.SKIPPED);
  }

  @Test
  void whatOneProbeComparedCountsThoughAnotherDoesNotApply() {
    CheckResult result = run(Finding.notApplicable("a"), compared(3));

    assertThat(result.status()).isEqualTo(Status.PASSED);
    assertThat(result.compared()).isEqualTo(3);
  }

  @Test
  void aMismatchOfOneProbeFailsTheWhole() {
    Finding wrong = compared(2);
    wrong.mismatch("row 7 is globex'");

    CheckResult result = run(compared(3), wrong);

    assertThat(result.status()).isEqualTo(Status.FAILED);
    assertThat(result.mismatches()).containsExactly("row 7 is globex'");
  }

  @Test
  void aProbeThatComparedNothingIsNotHiddenByTheOthers() {
    assertThat(run(compared(3), compared(0)).status()).isEqualTo(Status.FAILED);
  }

  private static Finding compared(long count) {
    Finding finding = new Finding();
    finding.compared(count);
    return finding;
  }

  private static CheckResult run(Finding... findings) {
    return Probes.runAll(List.of(findings), Function.identity()).toResult(CheckName.TENANT_LEAK);
  }
}
