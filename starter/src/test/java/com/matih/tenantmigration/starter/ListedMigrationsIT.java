package com.matih.tenantmigration.starter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.controlplane.ControlPlaneJson;
import com.matih.tenantmigration.starter.IdlePlatform.Answer;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code list} says of migrations that are on record as running. */
class ListedMigrationsIT {

  private static final String NOBODY = "127.0.0.1:1";

  /** To ask for each of so many takes two seconds each. */
  private static final int RUNNING = 20;

  private static final Duration AT_ONCE = Duration.ofSeconds(20);

  private final IdlePlatform platform = new IdlePlatform();
  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void oneThatWasTerminatedIsNotListedAsRunning() throws Exception {
    StartedMigration terminated = startedOnRecord();
    terminate("by mistake");
    platform.record(
        tenant,
        UUID.randomUUID().toString().substring(24),
        UUID.randomUUID().toString(),
        Phase.ROLLED_BACK,
        Outcome.ROLLED_BACK);
    StartedMigration running = startedOnRecord();

    Answer listed = platform.run("list");

    assertThat(listed.out())
        .containsPattern(terminated.migrationId() + " +TERMINATED +COPY")
        .containsPattern(running.migrationId() + " +RUNNING +COPY")
        .containsPattern("ROLLED_BACK")
        .contains("Temporal no longer runs the migration: terminated in phase COPY", "by mistake");
    assertThat(listed.errors()).isEmpty();
    JsonNode json =
        ControlPlaneJson.mapper().readTree(platform.run("list", "--output", "json").out());
    assertThat(json.findValuesAsText("outcome"))
        .containsExactly("RUNNING", "ROLLED_BACK", "RUNNING");
    assertThat(json.path(0).path("endedFromOutside").isNull()).isTrue();
    assertThat(json.path(2).path("endedFromOutside").path("how").asText()).isEqualTo("terminated");
    String[] earlier = {
      "report", tenant, "--migration", terminated.migrationId(), "--output", "markdown"
    };
    assertThat(platform.run(earlier).out())
        .startsWith("# Tenant " + tenant + ": Temporal no longer runs the migration")
        .doesNotContain("running");
    assertThat(platform.run(earlier).errors())
        .contains("do not resume this one")
        .doesNotContain("reset");
    terminate("the test is over");
  }

  @Test
  void momentsAreWrittenAsInAReport() {
    String id = UUID.randomUUID().toString().substring(24);
    platform.record(tenant, id, UUID.randomUUID().toString(), Phase.COMPLETED, Outcome.COMPLETED);

    assertThat(platform.run("list").out())
        .containsPattern("COMPLETED  20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC  20.* UTC\n");
    assertThat(platform.run("audit", tenant).out())
        .containsPattern("\n  20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC  " + id);
  }

  @Test
  void oneThatTemporalDoesNotKnowIsListedAsTheRecordHasItAndSaidToBeUnknown() {
    platform.record(
        tenant,
        UUID.randomUUID().toString().substring(24),
        UUID.randomUUID().toString(),
        Phase.COPY,
        Outcome.RUNNING);

    assertThat(platform.run("list").out())
        .containsPattern(tenant + " +[0-9a-f]+ +RUNNING +COPY")
        .contains("does not know run");
  }

  @Test
  void withoutTemporalTheRecordIsListedAtOnceAndSaidToBeTheRecordAlone() {
    for (int i = 0; i < RUNNING; i++) {
      platform.record(
          tenant + i,
          UUID.randomUUID().toString().substring(24),
          UUID.randomUUID().toString(),
          Phase.COPY,
          Outcome.RUNNING);
    }
    long began = System.nanoTime();

    Answer listed = platform.run(NOBODY, new String[] {"list"});

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(AT_ONCE);
    assertThat(listed.code()).isZero();
    assertThat(listed.out()).containsPattern(tenant + "4 +[0-9a-f]+ +RUNNING +COPY");
    assertThat(listed.errors())
        .contains("Cannot connect to Temporal")
        .contains("is the recorded state")
        .hasLineCount(1);
    Answer report = platform.run(NOBODY, new String[] {"report", tenant + "0"});
    assertThat(report.code()).isZero();
    assertThat(report.errors()).contains("Cannot connect to Temporal").hasLineCount(1);
    assertThat(platform.run(NOBODY, new String[] {"audit", tenant + "0"}).errors())
        .doesNotContain("Temporal");
  }

  @Test
  void aStatusThatTemporalDoesNotGiveNamesTheReportThatNeedsNoTemporal() {
    platform.record(tenant, id(), UUID.randomUUID().toString(), Phase.COPY, Outcome.RUNNING);

    Answer status = platform.run(NOBODY, new String[] {"status", tenant});

    assertThat(status.code()).isEqualTo(1);
    assertThat(status.errors())
        .contains("Cannot connect to Temporal")
        .contains("What is recorded can be read without Temporal: report " + tenant);
  }

  @Test
  void whatHasEndedOnRecordIsListedWithoutAWordOfTemporal() {
    platform.record(
        tenant,
        UUID.randomUUID().toString().substring(24),
        UUID.randomUUID().toString(),
        Phase.COMPLETED,
        Outcome.COMPLETED);

    assertThat(platform.run(NOBODY, new String[] {"list"}).errors()).isEmpty();
  }

  @Test
  void whatIsAskedForIsListedAndHowManyMoreThereAreIsSaid() throws Exception {
    for (Outcome outcome : List.of(Outcome.COMPLETED, Outcome.ROLLED_BACK, Outcome.COMPLETED)) {
      platform.record(tenant, id(), UUID.randomUUID().toString(), Phase.COMPLETED, outcome);
    }
    platform.record("another", id(), UUID.randomUUID().toString(), Phase.REFUSED, Outcome.REFUSED);

    assertThat(outcomes("--tenant", tenant, "--outcome", "completed"))
        .containsExactly("COMPLETED", "COMPLETED");
    assertThat(outcomes("--outcome", "rolled_back,refused"))
        .containsExactly("REFUSED", "ROLLED_BACK");
    assertThat(outcomes("--state", "running")).isEmpty();
    assertThat(outcomes("--state", "ended")).hasSize(4);
    assertThat(outcomes("--state", "ended", "--outcome", "RUNNING")).isEmpty();
    assertThat(platform.run("list", "--state", "running").out())
        .isEqualTo("No migration matches.\n");

    Answer some = platform.run("list", "--tenant", tenant, "--limit", "1");
    assertThat(some.out()).hasLineCount(2);
    assertThat(some.errors())
        .isEqualTo("2 more migrations are not shown. To see them: --limit 3\n");
    assertThat(platform.run("list", "--tenant", tenant, "--limit", "3").errors()).isEmpty();
  }

  @Test
  void fiftyAreListedUnlessMoreAreAskedFor() {
    for (int i = 0; i < 52; i++) {
      platform.record(tenant, id(), UUID.randomUUID().toString(), Phase.REFUSED, Outcome.REFUSED);
    }

    Answer listed = platform.run("list");

    assertThat(listed.out()).hasLineCount(51);
    assertThat(listed.errors()).startsWith("2 more migrations are not shown.");
  }

  private List<String> outcomes(String... filter) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("list", "--output", "json"));
    arguments.addAll(List.of(filter));
    String json = platform.run(arguments.toArray(String[]::new)).out();
    return ControlPlaneJson.mapper().readTree(json).findValuesAsText("outcome");
  }

  private static String id() {
    return UUID.randomUUID().toString().substring(24);
  }

  private StartedMigration startedOnRecord() {
    StartedMigration started = platform.migrations().start(IdlePlatform.request(tenant));
    platform.record(tenant, started.migrationId(), started.runId(), Phase.COPY, Outcome.RUNNING);
    return started;
  }

  private void terminate(String reason) {
    platform.client().newUntypedWorkflowStub(TemporalNames.workflowId(tenant)).terminate(reason);
  }
}
