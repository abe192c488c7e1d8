package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.CutoverSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A tenant becomes read-only within the window of its request, or not at all. */
class CutoverWindowTest extends HeldMigration {

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aPauseThatOutlastsTheWindowHasTheFenceWaitForTheNextOne(Mode mode) {
    CutoverSpec aroundNow = new CutoverSpec(null, "%s-%s UTC".formatted(hour(-1), hour(1)));
    TenantMigrationWorkflow workflow = harness.start(asking(mode, aroundNow));
    awaitPhase(workflow, Phase.AWAITING_APPROVAL);
    workflow.pause("incident", "dana");
    workflow.approveCutover("dana");
    harness.sleep(Duration.ofHours(2));

    workflow.resume("dana");
    harness.sleep(Duration.ofHours(25));

    MigrationReport report = harness.result();
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    Instant fenced = report.fencedAt();
    assertThat(aroundNow.next(fenced)).isEqualTo(fenced);
  }

  private static LocalTime hour(int fromNow) {
    return LocalTime.now(ZoneOffset.UTC).plusHours(fromNow).truncatedTo(ChronoUnit.MINUTES);
  }

  private static void awaitPhase(TenantMigrationWorkflow workflow, Phase phase) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> workflow.status().phase() == phase);
  }

  private static MigrationRequest asking(Mode mode, CutoverSpec cutover) {
    MigrationRequest plain =
        mode == Mode.ONLINE
            ? MigrationHarness.onlineRequest(Approval.REQUIRED)
            : MigrationHarness.request(Approval.REQUIRED).in(Mode.OFFLINE);
    return new MigrationRequest(
        plain.tenant(),
        plain.tenantKey(),
        plain.tier(),
        plain.mode(),
        plain.approval(),
        plain.onRollback(),
        plain.settle(),
        plain.storeTimeout(),
        List.of(),
        cutover,
        null,
        plain.snapshot(),
        plain.postgres(),
        plain.objectStorage(),
        plain.kafka(),
        plain.elasticsearch(),
        plain.redis(),
        plain.verification());
  }
}
