package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.activity.VerificationActivities;
import com.matih.tenantmigration.workflow.log.MigrationLog;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.CheckResult.Status;
import com.matih.tenantmigration.workflow.temporal.Branches;
import com.matih.tenantmigration.workflow.temporal.Failures;
import com.matih.tenantmigration.workflow.temporal.Stubs;
import com.matih.tenantmigration.workflow.temporal.WorkflowChange;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * Runs checks, all of them even where one fails, and tells whether the tenant may be switched. Once
 * a store is lost, no other check begins, and those that run are stopped: the round has failed, and
 * the tenant waits read-only.
 */
final class VerificationRound {

  /** So many checks read the stores at the same time. */
  private static final int SIDE_BY_SIDE = 4;

  /** Checks of the live route; all others are made before it is switched. */
  private static final Set<CheckName> ON_LIVE_ROUTE = Set.of(CheckName.API_HEALTH);

  private final VerificationActivities activities;
  private final MigrationContext context;
  private final OperatorControl control;
  private final MigrationLog log;
  private final List<CancellationScope> running = new ArrayList<>();
  private Optional<CheckName> lostItsStore = Optional.empty();

  VerificationRound(MigrationContext context, OperatorControl control, MigrationLog log) {
    this.activities = Stubs.of(VerificationActivities.class, context).bulk();
    this.context = context;
    this.control = control;
    this.log = log;
  }

  /** Compares both sides, before the route is switched. */
  void beforeSwitch() {
    run(Arrays.stream(CheckName.values()).filter(check -> !ON_LIVE_ROUTE.contains(check)).toList());
  }

  /** Asks the services on the live route, and once more whether the shared side is quiet. */
  void onLiveRoute() {
    run(List.of(CheckName.API_HEALTH));
    run(List.of(CheckName.SOURCE_QUIET));
  }

  private void run(List<CheckName> checks) {
    List<CheckResult> results = new ArrayList<>();
    Branches.run(
        checks.stream().<Runnable>map(check -> () -> results.add(run(check))).toList(),
        SIDE_BY_SIDE);
    log.write();
    List<CheckResult> failed =
        results.stream().filter(result -> result.status() == Status.FAILED).toList();
    if (!failed.isEmpty()) {
      throw verificationFailed(failed);
    }
  }

  private CheckResult run(CheckName check) {
    if (lostItsStore.isPresent()) {
      CheckResult skipped = notRun(check, lostItsStore.get());
      log.checked(skipped);
      return skipped;
    }
    AtomicReference<CheckResult> answer = new AtomicReference<>();
    control.runLook(() -> log.timed(Step.of(check), () -> answer.set(result(check))));
    CheckResult result = answer.get();
    log.checked(result);
    return result;
  }

  private CheckResult result(CheckName check) {
    AtomicReference<CheckResult> answer = new AtomicReference<>();
    CancellationScope asking = Workflow.newCancellationScope(() -> answer.set(ask(check)));
    running.add(asking);
    try {
      asking.run();
      return answer.get();
    } catch (ActivityFailure e) {
      if (CancellationScope.current().isCancelRequested()) {
        throw e;
      }
      if (asking.isCancelRequested()) {
        return notRun(check, lostItsStore.orElseThrow());
      }
      if (Failures.isCancellation(e)) {
        throw e;
      }
      running.remove(asking);
      return failed(check, e);
    } finally {
      running.remove(asking);
    }
  }

  private CheckResult failed(CheckName check, ActivityFailure e) {
    if (Failures.mayPass(e) && WorkflowChange.LOST_STORE_ENDS_CHECKS.applies()) {
      lostItsStore = Optional.of(check);
      if (WorkflowChange.LOST_STORE_STOPS_CHECKS.applies()) {
        List.copyOf(running).forEach(CancellationScope::cancel);
      }
    }
    String why = "the check could not run: " + Failures.message(e);
    return new CheckResult(check, Status.FAILED, 0, List.of(why));
  }

  private static CheckResult notRun(CheckName check, CheckName lost) {
    String why = "not run, because %s could not run".formatted(lost);
    return new CheckResult(check, Status.SKIPPED, 0, List.of(why));
  }

  private CheckResult ask(CheckName check) {
    return switch (check) {
      case ROW_COUNT -> activities.rowCount(context);
      case PRIMARY_KEY_CHECKSUM -> activities.primaryKeyChecksum(context);
      case ROW_CONTENT -> activities.rowContent(context);
      case OBJECT_COUNT -> activities.objectCount(context);
      case OBJECT_SIZE -> activities.objectSize(context);
      case OBJECT_CHECKSUM -> activities.objectChecksum(context);
      case RECORD_CONTENT -> activities.recordContent(context);
      case DOCUMENT_CONTENT -> activities.documentContent(context);
      case CACHE_CONTENT -> activities.cacheContent(context);
      case STORAGE_REFERENCES -> activities.storageReferences(context);
      case TENANT_LEAK -> activities.tenantLeak(context);
      case QUERY_TEST -> activities.queryTest(context);
      case SOURCE_QUIET -> activities.sourceQuiet(context);
      case API_HEALTH -> activities.apiHealth(context);
    };
  }

  private static ApplicationFailure verificationFailed(List<CheckResult> failed) {
    String names =
        failed.stream()
            .map(result -> result.check() + " (" + result.mismatches().get(0) + ")")
            .sorted()
            .collect(Collectors.joining("; "));
    return ApplicationFailure.newNonRetryableFailure(
        "Failed checks: " + names, FailureType.VERIFICATION_FAILED.name());
  }
}
