package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.activity.VerificationActivities;
import com.matih.tenantmigration.workflow.log.MigrationLog;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.CheckResult.Status;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.temporal.Branches;
import com.matih.tenantmigration.workflow.temporal.Failures;
import com.matih.tenantmigration.workflow.temporal.Stubs;
import com.matih.tenantmigration.workflow.temporal.WorkflowChange;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Runs checks, those of rows in one pass, all of them even where one fails, and tells whether the
 * tenant may be switched. Once a store is lost, no other check begins, and those that run are
 * stopped: the round has failed, and the tenant waits read-only.
 */
final class VerificationRound {

  /** So many checks read the stores at the same time. */
  private static final int SIDE_BY_SIDE = 4;

  /** Checks of the live route; all others are made before it is switched. */
  private static final Set<CheckName> ON_LIVE_ROUTE = Set.of(CheckName.API_HEALTH);

  /** What asks whether the tenant writes, or for what is there after the switch. */
  private static final Set<CheckName> ONLY_WHEN_READ_ONLY =
      Set.of(CheckName.API_HEALTH, CheckName.SOURCE_QUIET, CheckName.CACHE_CONTENT);

  /** So often a reference's object is looked for that was not there when objects were followed. */
  private static final int LOOKS_FOR_REFERENCED = 3;

  /** A look at the shared side that ended longer ago than that is taken again. */
  private static final Duration OLD_LOOK = Duration.ofSeconds(2);

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
    List<CheckName> checks =
        Arrays.stream(CheckName.values()).filter(check -> !ON_LIVE_ROUTE.contains(check)).toList();
    if (!WorkflowChange.ROWS_IN_ONE_PASS.applies()) {
      run(checks.stream().map(this::single).toList());
      return;
    }
    List<Look> looks = new ArrayList<>();
    looks.add(rows());
    checks.stream()
        .filter(check -> !CheckName.OF_ROWS.contains(check))
        .map(this::single)
        .forEach(looks::add);
    run(looks);
  }

  /**
   * Compares both sides while the tenant writes, at points where they are equal. What moves the
   * dedicated database to such a point keeps the next one away, so these checks come one after the
   * other. What rows refer to may have been written since objects were followed last, so references
   * come when everything else has been compared.
   *
   * @param followReferenced carries over what rows may refer to
   */
  void whileTenantWorks(Runnable followReferenced) {
    List<List<Look>> looks = new ArrayList<>();
    // until rows have been compared, tables without a key are older than what tells whose they are
    looks.add(List.of(rows(), single(CheckName.QUERY_TEST), single(CheckName.TENANT_LEAK)));
    looks.add(List.of(objects()));
    EnumSet<CheckName> apart =
        EnumSet.of(CheckName.QUERY_TEST, CheckName.TENANT_LEAK, CheckName.STORAGE_REFERENCES);
    apart.addAll(CheckName.OF_ROWS);
    apart.addAll(CheckName.OF_OBJECTS);
    apart.addAll(ONLY_WHEN_READ_ONLY);
    EnumSet.complementOf(apart).forEach(check -> looks.add(List.of(single(check))));
    List<CheckResult> results = new ArrayList<>(takeEach(looks));
    results.addAll(untilObjectsAreThere(followReferenced, single(CheckName.STORAGE_REFERENCES)));
    log.write();
    requirePassed(results);
  }

  /** Follows the references of rows that came after {@link #whileTenantWorks}. */
  void laterReferences(Runnable followReferenced) {
    if (!hasReferences()) {
      return;
    }
    List<CheckResult> results = untilObjectsAreThere(followReferenced, laterReferences());
    log.write();
    requirePassed(results);
  }

  /** The same when the tenant no longer writes. */
  void laterReferencesUnderFence() {
    if (hasReferences()) {
      keep(take(laterReferences()));
    }
  }

  private boolean hasReferences() {
    MigrationRequest request = context.request();
    return request.has(ObjectStorageSpec.class)
        && request.find(PostgresSpec.class).stream()
            .anyMatch(rows -> !rows.storageReferences().isEmpty());
  }

  private Look rows() {
    return new Look(
        Step.CHECK_ROWS, List.copyOf(CheckName.OF_ROWS), () -> activities.rows(context).all());
  }

  private Look objects() {
    return new Look(
        Step.CHECK_OBJECTS,
        List.copyOf(CheckName.OF_OBJECTS),
        () -> activities.objects(context).all());
  }

  private Look laterReferences() {
    return new Look(
        Step.CHECK_LATER_REFERENCES,
        List.of(CheckName.STORAGE_REFERENCES),
        () -> List.of(activities.laterReferences(context)));
  }

  private List<CheckResult> untilObjectsAreThere(Runnable followReferenced, Look references) {
    List<CheckResult> results = List.of();
    for (int look = 0; look < LOOKS_FOR_REFERENCED; look++) {
      if (lostItsStore.isPresent()) {
        return run(references);
      }
      followReferenced.run();
      results = take(references);
      if (results.stream().noneMatch(result -> result.status() == Status.FAILED)) {
        break;
      }
    }
    keep(results);
    return results;
  }

  private void keep(List<CheckResult> results) {
    log.drained(new Drained(StoresSummary.NONE, results));
  }

  /**
   * Asks the services on the live route, and once more whether the shared side is quiet. Where the
   * services took longer to answer, the shared side is looked at again: the final step comes right
   * after a look.
   */
  void onLiveRoute() {
    Look health = single(CheckName.API_HEALTH);
    Look quiet = single(CheckName.SOURCE_QUIET);
    if (!WorkflowChange.LIVE_CHECKS_SIDE_BY_SIDE.applies()) {
      run(List.of(health));
      run(List.of(quiet));
      return;
    }
    AtomicLong lookedAt = new AtomicLong();
    Look noted =
        new Look(
            quiet.step(),
            quiet.checks(),
            () -> {
              List<CheckResult> found = quiet.ask().get();
              lookedAt.set(Workflow.currentTimeMillis());
              return found;
            });
    run(List.of(health, noted));
    if (Workflow.currentTimeMillis() - lookedAt.get() > OLD_LOOK.toMillis()) {
      run(List.of(quiet));
    }
  }

  /**
   * An activity and the checks that it makes.
   *
   * @param ask answers a result for each
   */
  private record Look(Step step, List<CheckName> checks, Supplier<List<CheckResult>> ask) {

    List<CheckResult> each(Function<CheckName, CheckResult> result) {
      return checks.stream().map(result).toList();
    }
  }

  private Look single(CheckName check) {
    return new Look(Step.of(check), List.of(check), () -> List.of(ask(check)));
  }

  private void run(List<Look> looks) {
    runEach(looks.stream().map(List::of).toList());
  }

  private void runEach(List<List<Look>> lists) {
    List<CheckResult> results = takeEach(lists);
    log.write();
    requirePassed(results);
  }

  /** Takes the looks of each list one after the other. */
  private List<CheckResult> takeEach(List<List<Look>> lists) {
    List<CheckResult> results = new ArrayList<>();
    Branches.run(
        lists.stream()
            .<Runnable>map(looks -> () -> looks.forEach(look -> results.addAll(run(look))))
            .toList(),
        SIDE_BY_SIDE);
    return results;
  }

  /** Fails where a check did. */
  static void requirePassed(List<CheckResult> results) {
    List<CheckResult> failed =
        results.stream().filter(result -> result.status() == Status.FAILED).toList();
    if (!failed.isEmpty()) {
      throw verificationFailed(failed);
    }
  }

  private List<CheckResult> run(Look look) {
    List<CheckResult> results =
        lostItsStore.map(lost -> notRun(look, lost)).orElseGet(() -> take(look));
    results.forEach(log::checked);
    return results;
  }

  private List<CheckResult> take(Look look) {
    AtomicReference<List<CheckResult>> answer = new AtomicReference<>(List.of());
    control.runLook(() -> log.timed(look.step(), () -> answer.set(results(look))));
    return answer.get();
  }

  private List<CheckResult> results(Look look) {
    AtomicReference<List<CheckResult>> answer = new AtomicReference<>(List.of());
    CancellationScope asking = Workflow.newCancellationScope(() -> answer.set(look.ask().get()));
    running.add(asking);
    try {
      asking.run();
      return answer.get();
    } catch (ActivityFailure e) {
      if (CancellationScope.current().isCancelRequested()) {
        throw e;
      }
      if (asking.isCancelRequested()) {
        return notRun(look, lostItsStore.orElseThrow());
      }
      if (Failures.isCancellation(e)) {
        throw e;
      }
      running.remove(asking);
      return failed(look, e);
    } finally {
      running.remove(asking);
    }
  }

  private List<CheckResult> failed(Look look, ActivityFailure e) {
    if (Failures.mayPass(e) && WorkflowChange.LOST_STORE_ENDS_CHECKS.applies()) {
      lostItsStore = Optional.of(look.checks().get(0));
      if (WorkflowChange.LOST_STORE_STOPS_CHECKS.applies()) {
        List.copyOf(running).forEach(CancellationScope::cancel);
      }
    }
    String why = "the check could not run: " + Failures.message(e);
    return look.each(check -> new CheckResult(check, Status.FAILED, 0, List.of(why)));
  }

  private static List<CheckResult> notRun(Look look, CheckName lost) {
    String why = "not run, because %s could not run".formatted(lost);
    return look.each(check -> new CheckResult(check, Status.SKIPPED, 0, List.of(why)));
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
