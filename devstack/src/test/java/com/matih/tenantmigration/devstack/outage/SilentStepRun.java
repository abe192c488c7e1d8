package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import com.matih.tenantmigration.starter.state.ActivityProgress;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.MigrationStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings one tenant's migration into a silence, steers it, and measures what becomes of it. */
final class SilentStepRun {

  private static final Logger log = LoggerFactory.getLogger(SilentStepRun.class);
  private static final Duration TO_THE_STAGE = Duration.ofMinutes(20);

  /** How long it is watched, so that the table tells how much a promise was missed by. */
  private static final Duration WATCHED = Duration.ofMinutes(3);

  /** Cleaning steps are tried for some minutes before what they leave is named. */
  private static final Duration TO_THE_END = Duration.ofMinutes(20);

  private static final Duration AWAITS_ANSWER = Duration.ofSeconds(1);

  /** What brings a tenant back and cleans up after it, and what is put on record. */
  private static final Set<String> WAY_BACK =
      Stream.concat(
              Arrays.stream(Compensation.values()).map(step -> Step.valueOf(step.name())),
              Stream.of(
                  Step.IS_ACTIVATED, Step.RECORD_PROGRESS, Step.RECORD_ENTRIES, Step.READ_RECORDED))
          .map(Step::activity)
          .collect(Collectors.toSet());

  private final OutageStack stack;
  private final TenantServices services;
  private final OutageTenant tenant;
  private final SilentStep step;
  private final Duration promise;
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private StageGate.@Nullable Gate gate;
  private volatile @Nullable Duration answered;
  private @Nullable Duration stopped;
  private @Nullable Duration writing;
  private String outcome = "";
  private boolean inTrouble;

  /**
   * @param promise how long a command may take
   */
  SilentStepRun(
      OutageStack stack,
      TenantServices services,
      OutageTenant tenant,
      SilentStep step,
      Duration promise) {
    this.stack = stack;
    this.services = services;
    this.tenant = tenant;
    this.step = step;
    this.promise = promise;
  }

  SilentStep step() {
    return step;
  }

  /** Starts the migration and waits until it is held at its stage. */
  void reachStage() throws InterruptedException {
    StageGate.Gate held = stack.gate().at(tenant.id(), step.stage());
    gate = held;
    var unused = stack.migrations().start(tenant.request(false));
    Instant deadline = Instant.now().plus(TO_THE_STAGE);
    while (true) {
      try {
        var unusedToo = held.arrived().get(1, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        if (Instant.now().isAfter(deadline) || services.of(tenant).outcome().isPresent()) {
          throw new IllegalStateException(
              "the migration did not come to its stage: " + stack.migrations().report(tenant.id()));
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The tenant's own way to the store; the control plane is one for all. */
  void fallSilent() {
    tenant.doors().begin(Cell.Fault.SILENT, Objects.requireNonNull(step.store()));
  }

  /** Lets the stage's work begin, and waits until it has asked what is silent by now. */
  void begin() throws InterruptedException {
    Instant begun = Instant.now();
    Objects.requireNonNull(gate).open();
    if (await(begun, this::hasAsked) == null || !services.of(tenant).outcome().isEmpty()) {
      problems.add("the stage's work did not ask what is silent: " + now());
    }
    // so that the work waits for an answer
    Thread.sleep(AWAITS_ANSWER.toMillis());
  }

  private boolean hasAsked() {
    Store store = step.store();
    SilencedProxy door = store == null ? stack.controlDoor() : tenant.doors().before(store);
    return door.swallowed() > 0;
  }

  /** Commands, and measures until the work has stopped and, where it can, the tenant writes. */
  void steer() throws InterruptedException {
    Instant commanded = Instant.now();
    Thread command = new Thread(() -> command(commanded), "command-" + tenant.id());
    command.start();
    stopped = await(commanded, this::isStopped);
    requireKept(stopped, "it did not stop");
    if (step.act() == Cell.Act.CANCEL && !step.holdsTheTenant()) {
      writing = await(commanded, () -> writesSince(commanded));
      requireKept(writing, "the tenant did not write");
    }
    command.join();
    requireKept(answered, "the command was not answered");
  }

  private void requireKept(@Nullable Duration took, String otherwise) {
    if (took == null || took.compareTo(promise) > 0) {
      problems.add("%s within %d s: %s".formatted(otherwise, promise.toSeconds(), now()));
    }
  }

  private void command(Instant commanded) {
    try {
      if (step.act() == Cell.Act.CANCEL) {
        var unused = stack.migrations().cancel(tenant.id(), "a store is silent", "judge");
      } else {
        stack.migrations().pause(tenant.id(), "a store is silent", "judge");
      }
      answered = Duration.between(commanded, Instant.now());
    } catch (RuntimeException e) {
      problems.add("the command failed: " + e.getMessage());
    }
  }

  /**
   * What is silent answers again: a tenant that waited for that comes back, and what the migration
   * made is gone, or named. A pause is cancelled.
   *
   * @param forGood whether a store that brings no tenant back is silent until the migration's end
   */
  void end(boolean forGood) throws InterruptedException {
    if (step.act() == Cell.Act.PAUSE) {
      returnStore();
      var unused = stack.migrations().cancel(tenant.id(), "the test is over", "judge");
      return;
    }
    if (forGood && !step.holdsTheTenant()) {
      awaitOutcome();
    }
    Instant returned = Instant.now();
    returnStore();
    if (step.holdsTheTenant()) {
      writing = await(returned, () -> writesSince(returned));
      if (writing == null || writing.compareTo(Judge.PROMISE) > 0) {
        problems.add("the tenant did not write within a minute of the return: " + now());
      }
    }
    awaitOutcome();
    judgeOutcome();
  }

  private void awaitOutcome() throws InterruptedException {
    TenantServices.Seen seen = services.of(tenant);
    Instant deadline = Instant.now().plus(TO_THE_END);
    while (seen.outcome().isEmpty() && Instant.now().isBefore(deadline)) {
      Thread.sleep(500);
    }
    outcome = seen.outcome().orElse("RUNNING");
  }

  private void judgeOutcome() throws InterruptedException {
    boolean rolledBack = outcome.equals(Outcome.ROLLED_BACK.name());
    boolean incomplete = outcome.equals(Outcome.ROLLBACK_INCOMPLETE.name());
    if (!rolledBack && !incomplete) {
      problems.add("the outcome is " + outcome);
      return;
    }
    MigrationReport report = stack.migrations().report(tenant.id()).orElseThrow();
    Leftovers left = new Leftovers(stack, tenant, report);
    problems.addAll(left.unnamed());
    if (incomplete) {
      problems.addAll(left.afterRepair());
    }
  }

  SilenceVerdict verdict() {
    return new SilenceVerdict(
        step, tenant.id(), answered, stopped, writing, outcome, List.copyOf(problems));
  }

  /** The test itself got into trouble. */
  void failed(RuntimeException e) {
    log.warn("{} of {}", step, tenant.id(), e);
    inTrouble = true;
    returnStore();
    problems.add(e.toString());
  }

  boolean isInTrouble() {
    return inTrouble;
  }

  private void returnStore() {
    Store store = step.store();
    if (store != null) {
      tenant.doors().end(store);
    }
  }

  private boolean writesSince(Instant since) {
    TenantServices.Seen seen = services.of(tenant);
    return seen.state().equals("ACTIVE") && seen.firstWrite(since).isPresent();
  }

  /** The status tells of the command, and nothing but the way back runs. */
  private boolean isStopped() {
    if (services.of(tenant).outcome().isPresent()) {
      return true;
    }
    LiveMigration live = stack.migrations().look(tenant.id()).orElseThrow();
    if (live.activities().stream()
        .map(ActivityProgress::activity)
        .anyMatch(SilentStepRun::isForward)) {
      return false;
    }
    MigrationStatus status = stack.migrations().status(tenant.id());
    return step.act() == Cell.Act.PAUSE
        ? status.paused()
        : status.report().cancel().isPresent() || status.phase().compareTo(Phase.ROLLING_BACK) >= 0;
  }

  private static boolean isForward(String activity) {
    return !WAY_BACK.contains(activity);
  }

  private String now() {
    try {
      Optional<LiveMigration> live = stack.migrations().look(tenant.id());
      return live.map(seen -> seen.phase() + " " + seen.activities()).orElse("");
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private interface Condition {
    boolean holds();
  }

  private static @Nullable Duration await(Instant since, Condition condition)
      throws InterruptedException {
    while (Duration.between(since, Instant.now()).compareTo(WATCHED) < 0) {
      if (holds(condition)) {
        return Duration.between(since, Instant.now());
      }
      Thread.sleep(200);
    }
    return null;
  }

  /** A status that comes too late is asked for again. */
  private static boolean holds(Condition condition) {
    try {
      return condition.holds();
    } catch (RuntimeException e) {
      return false;
    }
  }
}
