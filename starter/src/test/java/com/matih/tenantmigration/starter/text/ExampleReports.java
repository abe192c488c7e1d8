package com.matih.tenantmigration.starter.text;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StepTiming;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reports and requests that tests show. */
public final class ExampleReports {

  public static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");

  private static final String REQUEST =
      """
      tenant: acme
      tier: {from: STARTER, to: ENTERPRISE}
      settle: 5s
      snapshot: {location: "file:/snapshots"}
      postgres:
        source: {url: "jdbc:postgresql://shared:5432/app", user: m, password: "${env:SHARED}"}
        target: {url: "jdbc:postgresql://own:5432/acme", user: m, password: "${env:OWN}"}
        isolation: schema
        sourceSchema: tenant_acme
      redis:
        source: {uri: "redis://:${env:REDIS}@shared:6379", keyPrefix: "acme:"}
        target: {uri: "redis://own:6379"}
        warm: [{key: "q:{id}", sql: "SELECT id, body FROM q ORDER BY id", value: body, ttl: 1h}]
      """;

  private ExampleReports() {}

  public static MigrationRequest request() {
    return new RequestReader(new YAMLFactory()).read(REQUEST).request().orElseThrow();
  }

  /**
   * A migration that a check has stopped, with signs in its texts that no page may take as its own.
   */
  public static MigrationReport rolledBack() {
    return new MigrationReport(
        "m1",
        "tenant-migration-acme",
        "r1",
        "acme",
        Outcome.ROLLED_BACK,
        false,
        new Failure(Phase.VERIFY, FailureType.VERIFICATION_FAILED, "ROW_COUNT <b>failed</b>"),
        List.of(),
        List.of(new Warning("kafka", "query-events", "offsets | differ")),
        List.of(),
        List.of(
            phase(Phase.COPY, 0, 65L),
            phase(Phase.VERIFY, 65, 70L),
            phase(Phase.ROLLING_BACK, 70, 72L),
            phase(Phase.ROLLED_BACK, 72, 72L)),
        "file:/snapshots/acme/m1",
        71.25,
        StoresSummary.of(
            new StoresSummary.Postgres(
                List.of(new StoresSummary.Table("public.queries", 200_000, 1536)))),
        List.of(
            new CheckResult(
                CheckName.ROW_COUNT,
                CheckResult.Status.FAILED,
                7,
                List.of("queries: 1 instead of 2", "users: 3 instead of 4")),
            new CheckResult(CheckName.ROW_CONTENT, CheckResult.Status.PASSED, 200_000, List.of())),
        List.of(new RollbackStep("DROP_DATABASE", RollbackStep.Status.DONE, "dropped")),
        BEGAN,
        BEGAN.plusSeconds(71),
        List.of(
            step(Phase.COPY, "CopyRows", 1, 11L),
            step(Phase.COPY, "CopyRows", 20, 30L),
            step(Phase.VERIFY, "CheckRows", 65, 67L)),
        List.of(),
        request());
  }

  /** A migration that copies, fenced since its beginning. */
  public static MigrationReport running(Instant began) {
    return new MigrationReport(
        "m1",
        "tenant-migration-acme",
        "r1",
        "acme",
        Outcome.RUNNING,
        false,
        null,
        List.of(),
        List.of(),
        List.of(),
        List.of(
            new PhaseTiming(Phase.FENCE, began, began.plusSeconds(2)),
            new PhaseTiming(Phase.COPY, began.plusSeconds(2), null)),
        null,
        2.0,
        StoresSummary.NONE,
        List.of(),
        List.of(),
        began,
        null,
        List.of(),
        List.of(),
        null);
  }

  /** A migration one of whose checks has a note. */
  static MigrationReport noted(String note, List<Warning> warnings) {
    MigrationReport like = rolledBack();
    return new MigrationReport(
        like.migrationId(),
        like.workflowId(),
        like.runId(),
        like.tenant(),
        like.outcome(),
        like.cancelled(),
        like.failure(),
        like.refusals(),
        warnings,
        like.leftBehind(),
        like.phases(),
        like.snapshot(),
        like.writeFenceSeconds(),
        like.stores(),
        List.of(
            new CheckResult(
                CheckName.ROW_CONTENT, CheckResult.Status.PASSED, 7, List.of(), List.of(note))),
        like.rollback(),
        like.fencedAt(),
        like.writableAt(),
        like.steps(),
        like.wishes(),
        like.request());
  }

  /** The same of a tenant that was read-only for so long. */
  static MigrationReport fenced(MigrationReport like, double seconds) {
    return new MigrationReport(
        like.migrationId(),
        like.workflowId(),
        like.runId(),
        like.tenant(),
        like.outcome(),
        like.cancelled(),
        like.failure(),
        like.refusals(),
        like.warnings(),
        like.leftBehind(),
        like.phases(),
        like.snapshot(),
        seconds,
        like.stores(),
        like.checks(),
        like.rollback(),
        BEGAN,
        BEGAN.plusMillis(Math.round(seconds * 1000)),
        like.steps(),
        like.wishes(),
        like.request());
  }

  private static PhaseTiming phase(Phase phase, long from, @Nullable Long until) {
    return new PhaseTiming(
        phase, BEGAN.plusSeconds(from), until == null ? null : BEGAN.plusSeconds(until));
  }

  private static StepTiming step(Phase phase, String activity, long from, long until) {
    return new StepTiming(
        phase, activity, BEGAN.plusSeconds(from), BEGAN.plusSeconds(until), StepTiming.End.DONE);
  }
}
