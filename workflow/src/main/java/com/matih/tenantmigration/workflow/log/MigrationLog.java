package com.matih.tenantmigration.workflow.log;

import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.AcceptedCommand;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Delay;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import com.matih.tenantmigration.workflow.request.validation.RequestProblems;
import com.matih.tenantmigration.workflow.temporal.Failures;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of a migration so far. */
public final class MigrationLog extends ReportLog {

  private final MigrationContext context;
  private final @Nullable MigrationRequest request;
  private final StepTimes steps = new StepTimes();
  private final List<CheckResult> checks = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private final List<LeftBehind> leftBehind = new ArrayList<>();
  private final FollowedStores followedStores = new FollowedStores();
  private final OperatorCommands commands = new OperatorCommands();
  private StoresSummary stores = StoresSummary.NONE;
  private @Nullable String snapshot;
  private boolean fenceStood;
  private ThrottleSpec throttle;
  private @Nullable MigrationReport recorded;

  public MigrationLog(MigrationContext context) {
    super(context, Phase.PREFLIGHT);
    this.context = context;
    // a request that came past the starter may hold what must not be told
    this.request = RequestProblems.of(context.request()).isEmpty() ? context.request() : null;
    this.throttle = ThrottleSpec.of(request == null ? null : request.throttle());
  }

  /** Called first of all, and once. */
  public void followVersion() {
    records.followVersion();
  }

  /** Ends the current phase and begins the next, on record. */
  public void enter(Phase next) {
    // from its last phase on a migration is completed, whatever tidying up brings
    begin(next, next == Phase.COMPLETED ? Outcome.COMPLETED : outcome, Map.of());
    write();
  }

  /** Begins the way back, which does not wait until that is on record. */
  public void turnBack() {
    begin(Phase.ROLLING_BACK, outcome, Map.of());
    records.writeIfPossible();
  }

  /** Ends the migration in a phase that lasts, on record. */
  public void end(Phase last, Outcome how) {
    begin(last, how, Map.of("outcome", how.name()));
    finish(how);
  }

  private void begin(Phase next, Outcome how, Map<String, String> details) {
    endCurrentPhase();
    phase = next;
    phases.add(new PhaseTiming(next, now(), null));
    note("PHASE", next + "/STARTED", "STARTED", details);
    index(next, how);
    tell();
  }

  private static void index(Phase next, Outcome how) {
    if (Workflow.getTypedSearchAttributes().containsKey(TemporalNames.TENANT_ID)) {
      Workflow.upsertTypedSearchAttributes(
          TemporalNames.MIGRATION_PHASE.valueSet(next.name()),
          TemporalNames.MIGRATION_OUTCOME.valueSet(how.name()));
    }
  }

  /** Another run of this migration has ended it: its report is this one's, as it is on record. */
  public void endedBefore(MigrationReport report) {
    recorded = report;
    outcome = report.outcome();
    phase = Phase.valueOf(outcome.name());
    index(phase, outcome);
    tell();
  }

  private void endCurrentPhase() {
    if (endPhase()) {
      String how = failure == null || phase == Phase.ROLLING_BACK ? "FINISHED" : "ENDED";
      note("PHASE", phase + "/ENDED", how, Map.of());
    }
  }

  public void found(PlanFindings findings) {
    refusals.addAll(findings.refusals());
    warnings.addAll(findings.warnings());
    leftBehind.addAll(findings.leftBehind());
    for (Refusal refusal : findings.refusals()) {
      note(
          "REFUSAL",
          refusal.store() + "/" + refusal.object(),
          "REFUSED",
          Map.of("store", refusal.store(), "object", refusal.object(), "reason", refusal.reason()));
    }
  }

  /** Does a step's work, which the report's timeline shows. */
  public void timed(Step step, Runnable work) {
    steps.take(phase, step, work);
    tell();
  }

  public void moved(StoresSummary summary) {
    stores = stores.with(summary);
  }

  public void snapshotTaken(String location) {
    snapshot = location;
    note("SNAPSHOT", "", "TAKEN", Map.of("location", location));
  }

  /** From here on the tenant may be read-only. */
  public void fenceBegins() {
    fencedAt = now();
  }

  /** Whether the tenant is not read-only yet, and the migration not at its end. */
  public boolean isBeforeFence() {
    return fencedAt == null && phase.compareTo(Phase.COMPLETED) < 0;
  }

  /** The tenant is known to be read-only. */
  public void fenceStands() {
    fenceStood = true;
  }

  /** The tenant can write again, where it could not. */
  public void writesPossible() {
    if (fencedAt != null) {
      writableAt = now();
    }
  }

  /** Takes what a store carried over under the fence, and what was verified of that. */
  public void drained(Drained rest) {
    moved(rest.stores());
    for (CheckResult more : rest.checks()) {
      checked(
          checks.stream()
              .filter(earlier -> earlier.check() == more.check())
              .findFirst()
              .map(earlier -> earlier.with(more))
              .orElse(more));
    }
  }

  /** Takes how a store stood when it had caught up; nothing of a worker that did not tell it. */
  public void followed(StoreName store, @Nullable Followed last) {
    if (last != null) {
      followedStores.caughtUp(store, last);
    }
  }

  /** What was checked so far. */
  public List<CheckResult> checks() {
    return List.copyOf(checks);
  }

  public void checked(CheckResult result) {
    checks.removeIf(earlier -> earlier.check() == result.check());
    checks.add(result);
    note(
        "CHECK",
        result.check().name(),
        result.status().name(),
        Map.of(
            "check", result.check().name(),
            "compared", Long.toString(result.compared()),
            "mismatches", String.join("; ", result.mismatches()),
            "notes", String.join("; ", result.notes())));
  }

  /** Notes what stopped it; the phase that follows puts it on record. */
  public void failed(Failure why, boolean byCancel) {
    failure = why;
    cancelled = byCancel;
    note(
        byCancel ? "CANCEL" : "FAILURE",
        "END",
        byCancel ? "ACCEPTED" : "FAILED",
        Map.of("type", why.type().name(), "message", why.message()));
    tell();
  }

  @Override
  public void compensated(RollbackStep step) {
    rollback.add(step);
    boolean wasNeverFenced =
        !fenceStood
            && step.step().equals(Compensation.REACTIVATE_TENANT.name())
            && step.status() == RollbackStep.Status.NOT_NEEDED;
    if (wasNeverFenced) {
      fencedAt = null;
    }
    super.compensated(step);
  }

  @Override
  public void tenantIsBack() {
    writesPossible();
  }

  @Override
  public void delayed(Delay step) {
    String message =
        "The step has been tried since %s and is tried until it is done. The command 'status' shows"
                .formatted(step.since())
            + " its last failure: remove what it names.";
    warnings.add(new Warning(StoreName.WORKFLOW, step.step(), message));
    note(
        "DELAY",
        step.step(),
        "NOTED",
        Map.of("step", step.step(), "since", step.since().toString(), "message", message));
    super.delayed(step);
    records.writeIfPossible();
  }

  /** Ends the migration in the phase that it is in, on record. */
  public void finish(Outcome how) {
    outcome = how;
    endCurrentPhase();
    write();
  }

  /** Puts on record with the next write what an operator asked for and whether it is granted. */
  public void later(
      AcceptedCommand.Kind command, boolean granted, String result, CommandDetails said) {
    keep(command, granted, said);
    note(command.name(), "", result, said.details());
  }

  /** Puts on record what an operator asked for and whether it is granted. */
  public void steered(
      AcceptedCommand.Kind command, boolean granted, String result, CommandDetails said) {
    lastCommand = command.name().toLowerCase(Locale.ROOT) + said.told(result);
    keep(command, granted, said);
    tell();
    unlessEnded(() -> records.writeApart(command.name(), result, said.details()));
  }

  /** The migration itself learns that it has ended; the handler of a signal must not fail. */
  private static void unlessEnded(Runnable write) {
    try {
      write.run();
    } catch (ActivityFailure e) {
      if (!Failures.saysEnded(e)) {
        throw e;
      }
    }
  }

  /** How gently the shared side is read. */
  public ThrottleSpec throttle() {
    return throttle;
  }

  /** Has the shared side read so from now on; waits until what runs can see it. */
  public void throttle(ThrottleSpec next) {
    throttle = next;
    unlessEnded(() -> records.keepThrottle(() -> throttle));
  }

  /** Waits until everything that operators asked for is on record. */
  public void awaitWritten() {
    records.awaitWritten();
  }

  private void keep(AcceptedCommand.Kind command, boolean granted, CommandDetails said) {
    if (granted) {
      commands.add(new AcceptedCommand(now(), phase, command, said.who(), said.reason()));
    }
  }

  @Override
  void note(String event, String subject, String result, Map<String, String> details) {
    records.note(event, subject, result, details);
  }

  @Override
  public MigrationReport report() {
    return recorded == null ? ownReport() : recorded;
  }

  private MigrationReport ownReport() {
    return new MigrationReport(
        context.migrationId(),
        context.workflowId(),
        context.runId(),
        context.tenant(),
        outcome,
        cancelled,
        failure,
        List.copyOf(refusals),
        List.copyOf(warnings),
        List.copyOf(leftBehind),
        List.copyOf(phases),
        snapshot,
        writeFenceSeconds(),
        stores,
        List.copyOf(checks),
        List.copyOf(rollback),
        fencedAt,
        writableAt,
        steps.all(),
        commands.all(),
        request,
        followedStores.lag(),
        followedStores.forecast(context.request(), phases),
        throttle.boundsNothing() ? null : throttle);
  }
}
