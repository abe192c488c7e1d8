package com.matih.tenantmigration.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.activity.RecordActivities.Entry;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.StoresSummary.ObjectStorage;
import com.matih.tenantmigration.workflow.report.StoresSummary.Redis;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RecordMetersTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RecordMeters meters = new RecordMeters(registry);

  @Test
  void everySeriesExistsAtZeroBeforeAnythingHappens() {
    for (CheckName check : CheckName.values()) {
      for (CheckResult.Status status : CheckResult.Status.values()) {
        assertThat(count("checks", "check", check.name(), "status", status.name())).isZero();
      }
    }
    assertThat(count("ended", "outcome", "ROLLED_BACK", "cancelled", "false")).isZero();
    assertThat(count("compensations", "step", "RELEASE_FENCE", "status", "FAILED")).isZero();
    assertThat(count("failures", "type", "VERIFICATION_FAILED")).isZero();
  }

  @Test
  void aPhaseIsMeasuredWhenItEnds() {
    MigrationReport report = report(Outcome.RUNNING, false, Phase.COPY, 90);

    meters.recorded(report, List.of(entry(Phase.COPY, "PHASE", "FINISHED")));

    assertThat(phaseSeconds(Phase.COPY)).isEqualTo(90);
  }

  @Test
  void aPhaseThatOnlyBeganIsNotMeasured() {
    MigrationReport report = report(Outcome.RUNNING, false, Phase.COPY, 90);

    meters.recorded(report, List.of(entry(Phase.COPY, "PHASE", "STARTED")));

    assertThat(phaseSeconds(Phase.COPY)).isZero();
  }

  @Test
  void theEndCountsTheOutcomeAndTheFenceOnce() {
    MigrationReport report = report(Outcome.ROLLED_BACK, true, Phase.ROLLED_BACK, 0);

    meters.recorded(
        report,
        List.of(
            entry(Phase.ROLLING_BACK, "PHASE", "FINISHED"),
            entry(Phase.ROLLED_BACK, "PHASE", "STARTED"),
            entry(Phase.ROLLED_BACK, "PHASE", "ENDED")));

    assertThat(count("ended", "outcome", "ROLLED_BACK", "cancelled", "true")).isEqualTo(1);
    assertThat(count("ended", "outcome", "ROLLED_BACK", "cancelled", "false")).isZero();
    assertThat(
            registry
                .get("tenant.migration.write.fence")
                .tag("outcome", "ROLLED_BACK")
                .timer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(3250);
  }

  @Test
  void checksCompensationsAndFailuresAreCountedByTheirNames() {
    meters.recorded(
        report(Outcome.RUNNING, false, Phase.VERIFY, 1),
        List.of(
            entry(Phase.VERIFY, "CHECK", "FAILED", Map.of("check", "ROW_COUNT")),
            entry(Phase.VERIFY, "FAILURE", "FAILED", Map.of("type", "VERIFICATION_FAILED")),
            entry(Phase.ROLLING_BACK, "COMPENSATION", "DONE", Map.of("step", "RELEASE_FENCE"))));

    assertThat(count("checks", "check", "ROW_COUNT", "status", "FAILED")).isEqualTo(1);
    assertThat(count("failures", "type", "VERIFICATION_FAILED")).isEqualTo(1);
    assertThat(count("compensations", "step", "RELEASE_FENCE", "status", "DONE")).isEqualTo(1);
  }

  @Test
  void whatWasMovedIsCountedWhenItsPhaseEndsAndNotBefore() {
    MigrationReport report =
        report(
            Outcome.RUNNING,
            false,
            Phase.COPY,
            90,
            StoresSummary.of(new ObjectStorage(7, 700)).with(StoresSummary.of(new Redis(3))));

    meters.recorded(report, List.of(entry(Phase.COPY, "PHASE", "STARTED")));
    assertThat(moved("objectStorage", "objects")).isZero();

    meters.recorded(report, List.of(entry(Phase.COPY, "PHASE", "FINISHED")));
    assertThat(moved("objectStorage", "objects")).isEqualTo(7);
    assertThat(moved("objectStorage", "bytes")).isEqualTo(700);
    assertThat(moved("redis", "keys")).isZero();

    meters.recorded(report, List.of(entry(Phase.WARM, "PHASE", "FINISHED")));
    meters.recorded(report, List.of(entry(Phase.VERIFY, "PHASE", "FINISHED")));
    assertThat(moved("objectStorage", "objects")).isEqualTo(7);
    assertThat(moved("redis", "keys")).isEqualTo(3);
  }

  @Test
  void noLabelNamesATenantOrAMigration() {
    meters.recorded(
        report(Outcome.COMPLETED, false, Phase.COMPLETED, 1),
        List.of(
            entry(Phase.COMPLETED, "PHASE", "FINISHED"),
            entry(Phase.VERIFY, "CHECK", "PASSED", Map.of("check", "ROW_COUNT"))));

    Set<String> labels =
        registry.getMeters().stream()
            .map(Meter::getId)
            .flatMap(id -> id.getTags().stream())
            .map(Tag::getKey)
            .collect(Collectors.toSet());
    assertThat(labels)
        .containsExactlyInAnyOrder(
            "phase",
            "outcome",
            "cancelled",
            "type",
            "check",
            "status",
            "step",
            "store",
            "unit",
            "le");
  }

  private static Entry entry(Phase phase, String event, String outcome) {
    return entry(phase, event, outcome, Map.of());
  }

  private static Entry entry(
      Phase phase, String event, String outcome, Map<String, String> details) {
    return new Entry("0001-" + event, phase, event, outcome, details);
  }

  private static MigrationReport report(
      Outcome outcome, boolean cancelled, Phase phase, long seconds) {
    return report(outcome, cancelled, phase, seconds, StoresSummary.NONE);
  }

  private static MigrationReport report(
      Outcome outcome, boolean cancelled, Phase phase, long seconds, StoresSummary stores) {
    return new MigrationReport(
        "m1",
        "tenant-migration-acme",
        "run",
        "acme",
        outcome,
        cancelled,
        null,
        List.of(),
        List.of(),
        List.of(),
        List.of(new PhaseTiming(phase, NOON, NOON.plusSeconds(seconds))),
        null,
        3.25,
        stores,
        List.of(),
        List.of(),
        null,
        null,
        List.of(),
        List.of(),
        null);
  }

  private double count(String name, String... tags) {
    return registry.get("tenant.migration." + name).tags(tags).counter().count();
  }

  private double moved(String store, String unit) {
    return count("moved", "store", store, "unit", unit);
  }

  private double phaseSeconds(Phase phase) {
    return registry
        .get("tenant.migration.phase")
        .tag("phase", phase.name())
        .timer()
        .totalTime(TimeUnit.SECONDS);
  }
}
