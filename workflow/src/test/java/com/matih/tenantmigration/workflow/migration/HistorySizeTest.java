package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.activity.RecordActivities.Entry;
import com.matih.tenantmigration.workflow.log.OperatorCommands;
import com.matih.tenantmigration.workflow.report.AcceptedCommand;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.StoresSummary.Postgres;
import com.matih.tenantmigration.workflow.report.StoresSummary.Table;
import io.temporal.api.history.v1.HistoryEvent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Temporal warns at 10,240 events and at 10 MB, and ends a workflow at five times as much. */
@Order(1) // it takes longest
class HistorySizeTest extends HeldMigration {

  private static final int PAUSES = 60;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void aRollbackAfterSixtyPausesAndResumesStaysFarBelowTemporalsWarnings() {
    harness.activities.on("CopyRows", () -> StoresSummary.of(new Postgres(tables(300))));
    TenantMigrationWorkflow workflow = startAndReach("WarmCache");
    for (int i = 0; i < PAUSES; i++) {
      workflow.pause("the nightly backup of the shared cluster runs", "dana");
      awaitTimes("WarmCache cancelled", i + 1);
      workflow.resume("dana");
      awaitBegun("WarmCache", i + 2);
    }
    workflow.cancelMigration("enough", "dana");
    MigrationReport report = harness.result();

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.stores().postgres().tables()).hasSize(300);
    List<HistoryEvent> events =
        harness.client().fetchHistory(TemporalNames.workflowId("acme")).getEvents();
    long bytes = events.stream().mapToLong(HistoryEvent::getSerializedSize).sum();
    assertThat(events).hasSizeLessThan(3_000);
    assertThat(bytes).isLessThan(1_800_000);
    assertThat(harness.activities.audit())
        .filteredOn(entry -> entry.event().equals("PAUSE"))
        .extracting(Entry::key)
        .hasSize(PAUSES)
        .doesNotHaveDuplicates();
    assertThat(report.wishes())
        .hasSize(2 * OperatorCommands.KEPT_AT_EACH_END + 1)
        .filteredOn(wish -> wish.kind() == AcceptedCommand.Kind.LEFT_OUT)
        .singleElement()
        .satisfies(wish -> assertThat(wish.reason()).startsWith("81 more"));
    assertThat(report.steps()).hasSizeLessThan(60);
  }

  private static List<Table> tables(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Table("public.a_table_of_the_tenant_with_a_usual_name_" + i, 1000, 4096))
        .toList();
  }

  private void awaitTimes(String ended, int times) {
    awaitCondition(
        () -> harness.activities.ended().stream().filter(ended::equals).count() >= times);
  }

  private void awaitBegun(String begun, int times) {
    awaitCondition(
        () -> harness.activities.begun().stream().filter(begun::equals).count() >= times);
  }

  private static void awaitCondition(BooleanSupplier condition) {
    await()
        .atMost(20, TimeUnit.SECONDS)
        .pollInterval(20, TimeUnit.MILLISECONDS)
        .until(condition::getAsBoolean);
  }
}
