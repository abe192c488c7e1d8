package com.matih.tenantmigration.workflow.migration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.StoresSummary.ObjectStorage;
import com.matih.tenantmigration.workflow.report.StoresSummary.Postgres;
import com.matih.tenantmigration.workflow.report.StoresSummary.Table;
import com.matih.tenantmigration.workflow.request.Approval;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.sdk.v1.WorkflowMetadata;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Temporal's UI shows of a migration besides its events. */
class UserInterfaceTest {

  private static final Set<EventType> WITH_SUMMARY =
      Set.of(
          EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
          EventType.EVENT_TYPE_TIMER_STARTED,
          EventType.EVENT_TYPE_MARKER_RECORDED);

  private final MigrationHarness harness = new MigrationHarness();

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void everyActivityTimerAndRecordSaysInWordsWhatItIsFor() {
    harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    List<HistoryEvent> events =
        harness.client().fetchHistory(TemporalNames.workflowId("acme")).getEvents().stream()
            .filter(event -> WITH_SUMMARY.contains(event.getEventType()))
            .filter(event -> !isVersion(event))
            .toList();
    assertThat(events)
        .hasSizeGreaterThan(50)
        .allSatisfy(event -> assertThat(summary(event)).isNotBlank());
    assertThat(events)
        .extracting(UserInterfaceTest::summary)
        .contains("\"database: copy rows\"", "\"database: remove the ledger\"")
        .contains("\"tenant: check the tenant's configuration\"");
  }

  /** What the SDK notes for itself. */
  private static boolean isVersion(HistoryEvent event) {
    return event.getMarkerRecordedEventAttributes().getMarkerName().equals("Version");
  }

  private static String summary(HistoryEvent event) {
    return event.getUserMetadata().getSummary().getData().toString(UTF_8);
  }

  @Test
  void theCurrentDetailsAreATableOfThePhasesWithWhatEachBrought() {
    harness.activities.on(
        "CopyRows",
        () -> StoresSummary.of(new Postgres(List.of(new Table("public.queries", 200_000, 1536)))));
    harness.activities.on("CopyObjects", () -> StoresSummary.of(new ObjectStorage(1200, 1536)));
    harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    assertThat(currentDetails())
        .contains("**COMPLETED** of tenant **acme**")
        .contains("**Migrated**: the tenant is on its own infrastructure.")
        .contains("The tenant could not write for")
        .contains("| phase | began (UTC) | took | |")
        .containsPattern("\\| VERIFY \\| [0-9:]+ \\| [0-9.]+\u00a0s \\| \\d+ passed \\|")
        .containsPattern(
            "\\| COPY \\| [0-9:]+ \\| [0-9.]+\u00a0s \\| 200,000 rows in 1 table, 1,200 objects");
  }

  @Test
  void theCurrentDetailsOfAFailureSayWhyAndWhatWasUndone() {
    harness.activities.on(
        "CheckRows",
        () ->
            ScriptedActivities.rows(
                new CheckResult(
                    CheckName.ROW_COUNT,
                    CheckResult.Status.FAILED,
                    7,
                    List.of("table a|b has 1 row instead of 2"))));
    harness.migrate(MigrationHarness.request(Approval.AUTOMATIC));

    assertThat(currentDetails())
        .contains("**ROLLED_BACK** of tenant **acme**")
        .contains("**Not migrated**: it was rolled back.")
        .contains("**Failed** in VERIFY: Failed checks: ROW\\_COUNT")
        .contains("- ROW_COUNT: table a\\|b has 1 row instead of 2")
        .contains("- DROP_DATABASE DONE");
  }

  private String currentDetails() {
    return harness
        .stub()
        .query("__temporal_workflow_metadata", WorkflowMetadata.class)
        .getCurrentDetails();
  }
}
