package com.matih.tenantmigration.workflow.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.forecast.Forecast;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a migration did, or has done so far.
 *
 * @param cancelled whether an operator's cancel is why it was rolled back
 * @param failure why it was rolled back, or {@code null}
 * @param snapshot where the pre-migration snapshot lies, or {@code null} before there is one
 * @param writeFenceSeconds how long the tenant could not write; {@code null} before the fence
 * @param fencedAt since when it could not, or {@code null}
 * @param writableAt when it could again, or {@code null}
 * @param steps when each step of the copy and each check began and ended
 * @param wishes what operators asked for and the migration agreed to, the oldest first
 * @param request as it was given; secrets are references; {@code null} where it is malformed
 * @param lag by store, how far the dedicated side was behind when it had last caught up; empty
 *     where nothing is followed
 * @param forecast how long the tenant was expected to be read-only when the stores had last caught
 *     up before the fence; {@code null} before that, and offline
 * @param throttle how gently the shared side is read now, or was read last; {@code null} without a
 *     bound
 */
public record MigrationReport(
    String migrationId,
    String workflowId,
    String runId,
    String tenant,
    Outcome outcome,
    boolean cancelled,
    @Nullable Failure failure,
    List<Refusal> refusals,
    List<Warning> warnings,
    List<LeftBehind> leftBehind,
    List<PhaseTiming> phases,
    @Nullable String snapshot,
    @Nullable Double writeFenceSeconds,
    StoresSummary stores,
    List<CheckResult> checks,
    List<RollbackStep> rollback,
    @Nullable Instant fencedAt,
    @Nullable Instant writableAt,
    List<StepTiming> steps,
    List<AcceptedCommand> wishes,
    @Nullable MigrationRequest request,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Lag> lag,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Forecast forecast,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ThrottleSpec throttle) {

  @SuppressWarnings("ConstantValue") // a report that an earlier version kept lacks some lists
  public MigrationReport {
    leftBehind = leftBehind == null ? List.of() : List.copyOf(leftBehind);
    steps = steps == null ? List.of() : List.copyOf(steps);
    wishes = wishes == null ? List.of() : List.copyOf(wishes);
    lag = lag == null || !follows(outcome, failure, phases) ? Map.of() : Map.copyOf(lag);
  }

  /** A report of a migration that follows nothing and has no throttle. */
  public MigrationReport(
      String migrationId,
      String workflowId,
      String runId,
      String tenant,
      Outcome outcome,
      boolean cancelled,
      @Nullable Failure failure,
      List<Refusal> refusals,
      List<Warning> warnings,
      List<LeftBehind> leftBehind,
      List<PhaseTiming> phases,
      @Nullable String snapshot,
      @Nullable Double writeFenceSeconds,
      StoresSummary stores,
      List<CheckResult> checks,
      List<RollbackStep> rollback,
      @Nullable Instant fencedAt,
      @Nullable Instant writableAt,
      List<StepTiming> steps,
      List<AcceptedCommand> wishes,
      @Nullable MigrationRequest request) {
    this(
        migrationId,
        workflowId,
        runId,
        tenant,
        outcome,
        cancelled,
        failure,
        refusals,
        warnings,
        leftBehind,
        phases,
        snapshot,
        writeFenceSeconds,
        stores,
        checks,
        rollback,
        fencedAt,
        writableAt,
        steps,
        wishes,
        request,
        Map.of(),
        null,
        null);
  }

  /**
   * The same with what the followed stores tell now; what they do not tell stays as it was.
   *
   * @param now by store, how far the dedicated side is behind
   */
  public MigrationReport following(Map<String, Lag> now, @Nullable Forecast expected) {
    return new MigrationReport(
        migrationId,
        workflowId,
        runId,
        tenant,
        outcome,
        cancelled,
        failure,
        refusals,
        warnings,
        leftBehind,
        phases,
        snapshot,
        writeFenceSeconds,
        stores,
        checks,
        rollback,
        fencedAt,
        writableAt,
        steps,
        wishes,
        request,
        now.isEmpty() ? lag : now,
        expected == null ? forecast : expected,
        throttle);
  }

  /** Whether its stores are followed, or may be soon: until the fence, and on no way back. */
  private static boolean follows(
      Outcome outcome, @Nullable Failure failure, List<PhaseTiming> phases) {
    return outcome == Outcome.RUNNING
        && failure == null
        && phases.stream().noneMatch(entered -> entered.phase() == Phase.FENCE);
  }

  /** How long the tenant would be read-only; empty from the fence on, and before it is known. */
  public Optional<Forecast> readOnlyIfFencedNow() {
    return follows(outcome, failure, phases) ? Optional.ofNullable(forecast) : Optional.empty();
  }

  /** The pause that holds the migration up now; empty where none does. */
  public Optional<AcceptedCommand> pause() {
    boolean wayBack = phases.stream().anyMatch(entered -> entered.phase() == Phase.ROLLING_BACK);
    return outcome != Outcome.RUNNING || wayBack
        ? Optional.empty()
        : wishes.stream()
            .filter(
                wish ->
                    wish.kind() != AcceptedCommand.Kind.APPROVAL
                        && wish.kind() != AcceptedCommand.Kind.THROTTLE
                        && wish.kind() != AcceptedCommand.Kind.LEFT_OUT)
            .reduce((earlier, later) -> later)
            .filter(last -> last.kind() == AcceptedCommand.Kind.PAUSE);
  }

  /** Whether the tenant becomes read-only only when an operator has approved, and none has yet. */
  public boolean needsApproval() {
    return (request == null || request.approval() == Approval.REQUIRED)
        && wishes.stream().noneMatch(wish -> wish.kind() == AcceptedCommand.Kind.APPROVAL);
  }

  /** When the tenant may become read-only, where the request lets it only later than now. */
  public Optional<Instant> cutoverAt(Instant now) {
    return Optional.ofNullable(request)
        .map(MigrationRequest::cutover)
        .map(cutover -> cutover.next(now))
        .filter(now::isBefore);
  }

  /** The operator's cancel that the migration is carrying out or has carried out. */
  public Optional<AcceptedCommand> cancel() {
    return wishes.stream().filter(wish -> wish.kind() == AcceptedCommand.Kind.CANCEL).findFirst();
  }
}
