package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One case: brings a tenant's migration to the point, has the fault happen, waits for the end, and
 * judges by what lies in the stores.
 */
final class FaultRun {

  private static final Duration TO_THE_END = Duration.ofMinutes(12);
  private static final Duration PAST_THE_HEARTBEAT = Duration.ofSeconds(40);
  private static final Duration STORE_AWAY = Duration.ofSeconds(30);
  private static final Duration CONTROL_PLANE_AWAY = Duration.ofSeconds(10);
  private static final Duration WAIT = Duration.ofSeconds(15);
  private static final Duration PAUSED = Duration.ofSeconds(3);

  private final FaultMatrix matrix;
  private final OutageStack stack;
  private final ArmedPoints points;
  private final FaultCase tried;
  private final OutageTenant tenant;
  private final List<String> notes = new ArrayList<>();
  private final Squatter squatter;
  private boolean happened;

  FaultRun(FaultMatrix matrix, FaultCase tried, OutageTenant tenant) {
    this.matrix = matrix;
    this.stack = matrix.stack();
    this.points = matrix.points();
    this.tried = tried;
    this.tenant = tenant;
    this.squatter = new Squatter(stack, tenant);
  }

  FaultVerdict run() throws IOException, InterruptedException {
    matrix.whileServersAreUp(() -> OutageSample.add(stack, List.of(tenant)));
    try (TenantServices services = new TenantServices(stack, List.of(tenant))) {
      TenantServices.Seen seen = services.of(tenant);
      points.arm(
          tenant.id(), tried.way() == FaultCase.Way.FORWARD ? tried.point() : FaultCase.Way.TURN);
      var started = stack.migrations().start(tenant.request(false, tried.mode()));
      switch (tried.way()) {
        case FORWARD -> actWhenHeld(seen);
        case ROLLBACK -> {
          turn(seen, () -> stack.migrations().cancel(tenant.id(), "to see the way back", "judge"));
          actWhenHeld(seen);
        }
        case REPAIR -> {
          turn(
              seen,
              () ->
                  stack
                      .client()
                      .newUntypedWorkflowStub(TemporalNames.workflowId(tenant.id()))
                      .terminate("to be repaired"));
          repair(seen);
        }
      }
      await(() -> seen.outcome().isPresent());
      return judge(services, started.migrationId());
    }
  }

  /** What turns the migration round. */
  private interface Turn {
    void take();
  }

  private void turn(TenantServices.Seen seen, Turn turn) throws InterruptedException {
    if (awaitHeld(seen).isEmpty()) {
      notes.add("did not come to " + FaultCase.Way.TURN);
      points.disarm(tenant.id());
      return;
    }
    turn.take();
    points.arm(tenant.id(), tried.point());
    points.release(tenant.id());
  }

  /** A repair runs until it is done, while the fault happens in it. */
  private void repair(TenantServices.Seen seen) throws IOException, InterruptedException {
    Thread repairing =
        new Thread(
            () -> {
              try {
                new Leftovers(stack, tenant, stack.migrations().report(tenant.id()).orElseThrow())
                    .repair();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                notes.add("repair: " + e.getMessage());
              }
            },
            "repair-" + tenant.id());
    repairing.start();
    actWhenHeld(seen);
    repairing.join(TO_THE_END.toMillis());
  }

  private void actWhenHeld(TenantServices.Seen seen) throws IOException, InterruptedException {
    OptionalLong held = awaitHeld(seen);
    points.disarm(tenant.id());
    if (held.isPresent()) {
      happened = true;
      act(held.getAsLong());
    }
  }

  private OptionalLong awaitHeld(TenantServices.Seen seen) throws InterruptedException {
    Instant deadline = Instant.now().plus(TO_THE_END);
    while (Instant.now().isBefore(deadline)) {
      OptionalLong held = points.held(tenant.id());
      if (held.isPresent() || seen.outcome().isPresent()) {
        return held;
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException("neither the point nor an end within " + TO_THE_END);
  }

  private void act(long worker) throws IOException, InterruptedException {
    switch (tried.fault()) {
      case KILL -> matrix.workers().kill(worker);
      case FREEZE -> {
        points.release(tenant.id());
        matrix.workers().freeze(worker, PAST_THE_HEARTBEAT);
      }
      case CUT -> {
        for (Store store : Store.values()) {
          tenant.doors().begin(Cell.Fault.GONE, store);
          tenant.doors().end(store);
        }
        points.release(tenant.id());
      }
      case STORE_DOWN -> {
        tenant.doors().begin(Cell.Fault.GONE, tried.store());
        points.release(tenant.id());
        Thread.sleep(STORE_AWAY.toMillis());
        tenant.doors().end(tried.store());
      }
      case STORE_RESTART -> {
        points.release(tenant.id());
        matrix.restart(() -> stack.restart(tried.store()));
      }
      case TEMPORAL_RESTART -> {
        points.release(tenant.id());
        matrix.restart(stack::restartTemporal);
      }
      case CONTROL_PLANE_DOWN -> {
        stack.controlDoor().goAway();
        points.release(tenant.id());
        Thread.sleep(CONTROL_PLANE_AWAY.toMillis());
        stack.controlDoor().comeBack();
      }
      case CANCEL -> {
        command(() -> stack.migrations().cancel(tenant.id(), "enough", "judge"));
        points.release(tenant.id());
      }
      case PAUSE -> {
        command(() -> stack.migrations().pause(tenant.id(), "a moment", "judge"));
        points.release(tenant.id());
        Thread.sleep(PAUSED.toMillis());
        command(() -> stack.migrations().resume(tenant.id(), "judge"));
      }
      case ERROR -> points.fail(tenant.id());
      case TAKEN -> {
        squatter.take();
        points.release(tenant.id());
      }
      case WAIT -> {
        Thread.sleep(WAIT.toMillis());
        points.release(tenant.id());
      }
    }
  }

  /** One that comes too late is refused, which is well. */
  private void command(Turn command) {
    try {
      command.take();
    } catch (RuntimeException e) {
      notes.add("command refused");
    }
  }

  private FaultVerdict judge(TenantServices services, String migrationId)
      throws InterruptedException {
    TenantServices.Seen seen = services.of(tenant);
    String outcome = seen.outcome().orElseThrow();
    MigrationReport report = stack.migrations().report(tenant.id()).orElseThrow();
    Failure failure = report.failure();
    if (failure != null) {
      notes.add("%s %s: %s".formatted(failure.phase(), failure.type(), failure.message()));
    }
    List<String> problems = new ArrayList<>();
    Instant ended = Instant.now();
    if (!isTrue(() -> seen.firstWrite(ended).isPresent(), Judge.PROMISE)) {
      problems.add(
          "does not write within %s: state %s, %s"
              .formatted(Judge.PROMISE, seen.state(), seen.refusal()));
    }
    seen.stop();
    await(() -> !seen.isWriting());
    List<String> lost = services.lost(tenant);
    if (!lost.isEmpty()) {
      problems.add("lost " + lost);
    }
    if (matrix.isQuiet()
        && tried.way() == FaultCase.Way.FORWARD
        && tried.fault().passes()
        && !outcome.equals("COMPLETED")) {
      problems.add("did not arrive");
    }
    List<String> stolen = squatter.missing();
    if (!stolen.isEmpty()) {
      problems.add("somebody else's are gone: " + stolen);
    }
    switch (outcome) {
      case "COMPLETED" -> judgeArrival(seen, problems);
      case "ROLLED_BACK" -> judgeReturn(seen, report, migrationId, problems);
      case "REFUSED" -> {
        if (!tried.point().startsWith("Plan") && !squatter.hasTakenAny()) {
          problems.add("refused: " + report.refusals());
        }
      }
      default -> problems.add("ended as %s: %s".formatted(outcome, report.rollback()));
    }
    return new FaultVerdict(
        tried,
        tenant.id(),
        happened,
        outcome,
        seen.longestReadOnly(),
        String.join(", ", notes),
        List.copyOf(problems));
  }

  private void judgeArrival(TenantServices.Seen seen, List<String> problems) {
    if (!seen.isRoutedToDedicated()) {
      problems.add("the route leads to the shared side");
    }
    Map<String, Object> found = DedicatedContent.found(stack, tenant);
    DedicatedContent.expected(tenant, seen.written())
        .forEach(
            (what, expected) -> {
              if (!expected.equals(found.get(what))) {
                problems.add("%s: %s instead of %s".formatted(what, found.get(what), expected));
              }
            });
  }

  private void judgeReturn(
      TenantServices.Seen seen, MigrationReport report, String migrationId, List<String> problems) {
    if (!seen.isRoutedToShared()) {
      problems.add("the route leads to the dedicated side");
    }
    if (!squatter.hasTakenAny()) {
      problems.addAll(new Leftovers(stack, tenant, report).unnamed());
    }
    List<String> traces =
        Databases.query(
            stack.sides().shared(),
            tenant.database(),
            """
            SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgname LIKE '%%@%%'
            UNION ALL SELECT 'relation ' || relname FROM pg_class WHERE relname LIKE '%%@%%'
            UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE proname LIKE '%%@%%'
            """
                .replace("@", migrationId)
                .replace("%%", "%"));
    if (!traces.isEmpty()) {
      problems.add("left on the shared side: " + traces);
    }
  }

  /** What is awaited. */
  private interface Condition {
    boolean holds();
  }

  private static boolean isTrue(Condition condition, Duration patience)
      throws InterruptedException {
    Instant deadline = Instant.now().plus(patience);
    while (!condition.holds()) {
      if (Instant.now().isAfter(deadline)) {
        return false;
      }
      Thread.sleep(200);
    }
    return true;
  }

  private static void await(Condition condition) throws InterruptedException {
    if (!isTrue(condition, TO_THE_END)) {
      throw new IllegalStateException("no end within " + TO_THE_END);
    }
  }
}
