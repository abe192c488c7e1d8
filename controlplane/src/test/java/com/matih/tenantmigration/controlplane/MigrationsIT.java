package com.matih.tenantmigration.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.AcceptedCommand;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StepTiming;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationsIT {

  private static TestControlPlane database;

  private final Migrations migrations = database.controlPlane().migrations();
  private final AuditTrail audit = database.controlPlane().auditTrail();

  @BeforeAll
  static void open() {
    database = new TestControlPlane();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void aReportIsReadBackAsItWasKept() {
    MigrationReport report = report("whole", "w1", Outcome.ROLLED_BACK);

    migrations.keep(Phase.ROLLED_BACK, report, List.of());

    MigrationRecord record = migrations.latest("whole").orElseThrow();
    assertThat(record.report()).isEqualTo(report);
    assertThat(record.phase()).isEqualTo(Phase.ROLLED_BACK);
    assertThat(migrations.all()).contains(record);
    assertThat(migrations.latest("nobody")).isEmpty();
  }

  @Test
  void theLatestMigrationOfATenantIsTheOneThatBeganLast() {
    migrations.keep(Phase.ROLLED_BACK, report("again", "a1", Outcome.ROLLED_BACK), List.of());
    migrations.keep(Phase.PREFLIGHT, report("again", "a2", Outcome.RUNNING), List.of());
    migrations.keep(Phase.ROLLED_BACK, report("again", "a1", Outcome.ROLLED_BACK), List.of());

    assertThat(migrations.latest("again").orElseThrow().migrationId()).isEqualTo("a2");
  }

  @Test
  void aFilterListsTheNewestOfATenantAndCountsAllThatPassIt() {
    migrations.keep(Phase.ROLLED_BACK, report("many", "m1", Outcome.ROLLED_BACK), List.of());
    migrations.keep(Phase.COMPLETED, report("many", "m2", Outcome.COMPLETED), List.of());
    migrations.keep(Phase.ROLLED_BACK, report("many", "m3", Outcome.ROLLED_BACK), List.of());
    migrations.keep(Phase.ROLLED_BACK, report("other", "m4", Outcome.ROLLED_BACK), List.of());

    Migrations.Filter filter = new Migrations.Filter("many", Set.of(Outcome.ROLLED_BACK), 1);
    assertThat(migrations.list(filter))
        .extracting(MigrationRecord::migrationId)
        .containsExactly("m3");
    assertThat(migrations.count(filter)).isEqualTo(2);
    assertThat(migrations.list(new Migrations.Filter(null, Set.of(Outcome.ROLLED_BACK), 50)))
        .extracting(MigrationRecord::migrationId)
        .contains("m1", "m3", "m4")
        .doesNotContain("m2");
    assertThat(migrations.list(new Migrations.Filter("many", Set.of(), 50))).isEmpty();
  }

  @Test
  void aRefusedMigrationDoesNotHideOneThatHasNotEnded() {
    migrations.keep(Phase.COPY, report("stuck", "s1", Outcome.RUNNING), List.of());
    migrations.keep(Phase.REFUSED, report("stuck", "s2", Outcome.REFUSED), List.of());
    migrations.keep(Phase.REFUSED, report("stuck", "s3", Outcome.REFUSED), List.of());

    assertThat(migrations.latest("stuck").orElseThrow().migrationId()).isEqualTo("s1");
    assertThat(migrations.lastBeside("stuck", "s3").orElseThrow().migrationId()).isEqualTo("s1");
    assertThat(migrations.lastBeside("stuck", "s1")).isEmpty();

    migrations.keep(Phase.ROLLED_BACK, report("stuck", "s1", Outcome.ROLLED_BACK), List.of());
    assertThat(migrations.latest("stuck").orElseThrow().migrationId()).isEqualTo("s3");
  }

  @Test
  void aRefusedMigrationDoesNotHideAnIncompleteRollback() {
    migrations.keep(
        Phase.ROLLBACK_INCOMPLETE, report("left", "i1", Outcome.ROLLBACK_INCOMPLETE), List.of());
    migrations.keep(Phase.REFUSED, report("left", "i2", Outcome.REFUSED), List.of());

    assertThat(migrations.latest("left").orElseThrow().migrationId()).isEqualTo("i1");
  }

  @Test
  void aLateTryDoesNotMakeAnEndedMigrationLookRunning() {
    migrations.keep(Phase.COMPLETED, report("late", "l1", Outcome.COMPLETED), List.of());
    migrations.keep(Phase.CUTOVER, report("late", "l1", Outcome.RUNNING), List.of());

    assertThat(migrations.latest("late").orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @ParameterizedTest
  @EnumSource(value = Outcome.class, mode = EnumSource.Mode.EXCLUDE, names = "RUNNING")
  void aRunThatIsResetNeverReplacesTheRecordOfAnotherThatEndedIt(Outcome outcome) {
    String id = "e-" + outcome;
    migrations.keep(Phase.valueOf(outcome.name()), report("ended", id, outcome), List.of());
    MigrationRecord kept = migrations.find(id).orElseThrow();
    AuditEntry entry = new AuditEntry(id, "ended", "NEW", Phase.COPY, "PHASE", "STARTED", Map.of());

    for (Outcome next : Outcome.values()) {
      assertThatExceptionOfType(MigrationException.class)
          .isThrownBy(
              () ->
                  migrations.keep(
                      Phase.ROLLED_BACK, by("reset", report("ended", id, next)), List.of(entry)))
          .satisfies(e -> assertThat(e.type()).isEqualTo(FailureType.MIGRATION_ENDED))
          .withMessageContaining(outcome.name());
    }
    assertThatExceptionOfType(MigrationException.class)
        .isThrownBy(() -> migrations.requireNotEnded(id, "reset"))
        .satisfies(e -> assertThat(e.type()).isEqualTo(FailureType.MIGRATION_ENDED));
    assertThat(migrations.find(id)).contains(kept);
    assertThat(audit.list("ended")).isEmpty();
  }

  @Test
  void aRunThatEndedItsMigrationMayRepeatItsLastSteps() {
    migrations.keep(Phase.COMPLETED, report("same", "m1", Outcome.COMPLETED), List.of());

    migrations.requireNotEnded("m1", "run");
    migrations.keep(Phase.COMPLETED, report("same", "m1", Outcome.COMPLETED), List.of());

    assertThat(migrations.find("m1").orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aRunThatIsResetWhileItsMigrationRunsTakesTheRecordOver() {
    migrations.keep(Phase.COPY, report("midway", "mw", Outcome.RUNNING), List.of());

    migrations.requireNotEnded("mw", "reset");
    migrations.requireNotEnded("unknown", "any");
    migrations.keep(
        Phase.COMPLETED, by("reset", report("midway", "mw", Outcome.COMPLETED)), List.of());

    assertThat(migrations.find("mw").orElseThrow().report().runId()).isEqualTo("reset");
    assertThatExceptionOfType(MigrationException.class)
        .isThrownBy(() -> migrations.requireNotEnded("mw", "run"));
  }

  @Test
  void aRepairReplacesTheRecordOfAMigrationThatHasEnded() {
    migrations.keep(
        Phase.ROLLBACK_INCOMPLETE,
        report("repaired", "rp", Outcome.ROLLBACK_INCOMPLETE),
        List.of());

    migrations.amend(
        Phase.ROLLED_BACK, report("repaired", "rp", Outcome.ROLLED_BACK), List.of(), "repair");

    assertThat(migrations.find("rp").orElseThrow().outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThatExceptionOfType(MigrationException.class)
        .as("the run of before, should it come late")
        .isThrownBy(
            () ->
                migrations.keep(
                    Phase.ROLLBACK_INCOMPLETE,
                    report("repaired", "rp", Outcome.ROLLBACK_INCOMPLETE),
                    List.of()));
  }

  @Test
  void anEntryOfTheAuditTrailIsWrittenOnceHoweverOftenItIsTried() {
    AuditEntry entry =
        new AuditEntry(
            "t1", "trail", "COPY/STARTED", Phase.COPY, "PHASE", "STARTED", Map.of("k", "v"));

    MigrationReport report = report("trail", "t1", Outcome.RUNNING);

    assertThat(migrations.keep(Phase.COPY, report, List.of(entry))).containsExactly("COPY/STARTED");
    assertThat(migrations.keep(Phase.COPY, report, List.of(entry))).isEmpty();

    assertThat(audit.append(entry)).isFalse();
    assertThat(audit.list("trail"))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.event()).isEqualTo("PHASE");
              assertThat(line.details().path("k").asText()).isEqualTo("v");
            });
  }

  /** A key that the JDK's serializer wrote into Redis, and a name cut in the middle of a sign. */
  @Test
  void whatJsonbRefusesInATextDoesNotKeepAMigrationFromItsRecord() {
    String odd = "key\0of\ud83d and \ude00, but \ud83d\ude00";
    String kept = "key\ufffdof\ufffd and \ufffd, but \ud83d\ude00";
    MigrationReport report = report("odd", "o1", Outcome.RUNNING, odd);
    AuditEntry entry =
        new AuditEntry(
            "o1", "odd", "S", Phase.VERIFY, "CHECK", "FAILED", Map.of(odd, List.of(odd)));

    migrations.keep(Phase.VERIFY, report, List.of(entry));

    assertThat(migrations.latest("odd").orElseThrow().report())
        .isEqualTo(report("odd", "o1", Outcome.RUNNING, kept));
    assertThat(audit.list("odd"))
        .singleElement()
        .satisfies(line -> assertThat(line.details().path(kept).path(0).asText()).isEqualTo(kept));
  }

  @Test
  void theAuditTrailRefusesToBeChanged() {
    audit.append(
        new AuditEntry("t2", "fixed", "S", Phase.COPY, "PHASE", "STARTED", Map.of("k", "v")));

    for (String sql :
        List.of(
            "UPDATE tenant_control.migration_audit SET event = 'x'",
            "DELETE FROM tenant_control.migration_audit",
            "TRUNCATE tenant_control.migration_audit")) {
      assertThatThrownBy(() -> database.execute(sql)).hasMessageContaining("append only");
    }
    assertThat(audit.list("fixed")).hasSize(1);
  }

  @Test
  void anUpgradeOfWhatIsUpToDateChangesNothing() {
    database.controlPlane().upgrade();

    assertThat(database.controlPlane().isReachable()).isTrue();
  }

  static MigrationReport report(String tenant, String migration, Outcome outcome) {
    return report(tenant, migration, outcome, "t: 1≠2");
  }

  private static MigrationReport by(String run, MigrationReport it) {
    return new MigrationReport(
        it.migrationId(),
        it.workflowId(),
        run,
        it.tenant(),
        it.outcome(),
        it.cancelled(),
        it.failure(),
        it.refusals(),
        it.warnings(),
        it.leftBehind(),
        it.phases(),
        it.snapshot(),
        it.writeFenceSeconds(),
        it.stores(),
        it.checks(),
        it.rollback(),
        it.fencedAt(),
        it.writableAt(),
        it.steps(),
        it.wishes(),
        it.request());
  }

  private static MigrationReport report(
      String tenant, String migration, Outcome outcome, String mismatch) {
    return new MigrationReport(
        migration,
        "tenant-migration-" + tenant,
        "run",
        tenant,
        outcome,
        false,
        new Failure(Phase.VERIFY, FailureType.VERIFICATION_FAILED, "ROW_COUNT failed"),
        List.of(new Refusal("kafka", "t", "r", "m")),
        List.of(new Warning("kafka", "t", "w")),
        List.of(),
        List.of(new PhaseTiming(Phase.COPY, Instant.parse("2026-01-01T00:00:00.123Z"), null)),
        "file:/snapshots/x",
        3.25,
        StoresSummary.of(new StoresSummary.Redis(7)),
        List.of(
            new CheckResult(CheckName.ROW_COUNT, CheckResult.Status.FAILED, 3, List.of(mismatch))),
        List.of(new RollbackStep("DROP_DATABASE", RollbackStep.Status.DONE, "dropped")),
        Instant.parse("2026-01-01T00:00:01Z"),
        null,
        List.of(
            new StepTiming(
                Phase.COPY, "CopyRows", Instant.parse("2026-01-01T00:00:02Z"), null, null)),
        List.of(
            new AcceptedCommand(
                Instant.parse("2026-01-01T00:00:03Z"),
                Phase.COPY,
                AcceptedCommand.Kind.PAUSE,
                "dana",
                "lunch")),
        null);
  }
}
