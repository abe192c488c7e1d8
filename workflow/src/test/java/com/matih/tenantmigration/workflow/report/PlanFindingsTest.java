package com.matih.tenantmigration.workflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.common.converter.DefaultDataConverter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanFindingsTest {

  @Test
  void whatAStoreIsRefusedForStaysReadableAndFarBelowWhatTemporalTakes() {
    List<Refusal> refusals = new ArrayList<>();
    List<Warning> warnings = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      refusals.add(new Refusal("postgres", "t" + i, "ß".repeat(100_000), "x".repeat(5_000)));
      warnings.add(new Warning("postgres", "t" + i, "short"));
    }

    PlanFindings told = new PlanFindings(StoresSummary.NONE, refusals, warnings).told(text -> text);

    assertThat(told.refusals()).hasSizeLessThan(200);
    assertThat(told.refusals().get(0).reason()).hasSize(2_049).endsWith("…");
    assertThat(told.refusals().get(told.refusals().size() - 1).object())
        .isEqualTo("and %,d more".formatted(20_000 - told.refusals().size() + 1));
    assertThat(told.warnings()).hasSize(201);
    assertThat(told.warnings().get(200).object()).isEqualTo("and 19,800 more");
    assertThat(
            DefaultDataConverter.newDefaultInstance()
                .toPayload(told)
                .orElseThrow()
                .getSerializedSize())
        .isLessThan(256 * 1024);
  }

  @Test
  void whatIsFewAndShortIsToldAsItIs() {
    PlanFindings findings =
        new PlanFindings(
            StoresSummary.NONE,
            List.of(new Refusal("kafka", "a", "b", "c")),
            List.of(new Warning("kafka", "a", "b")));

    assertThat(findings.told(text -> text)).isEqualTo(findings);
  }
}
