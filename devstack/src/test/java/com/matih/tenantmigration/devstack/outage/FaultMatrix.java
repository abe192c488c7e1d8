package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Runs cases side by side on one stack, with workers that can be killed and a neighbour. */
final class FaultMatrix {

  static final String DATABASE = "shop_points";

  /** How long a server's clients may need to find it again. */
  private static final Duration AFTER_RESTART = Duration.ofSeconds(20);

  private final OutageStack stack;
  private final WorkerProcesses workers;
  private final ArmedPoints points;
  private volatile Instant restarted = Instant.MIN;
  private volatile boolean restarting;
  private volatile boolean quiet;

  FaultMatrix(OutageStack stack, WorkerProcesses workers, ArmedPoints points) {
    this.stack = stack;
    this.workers = workers;
    this.points = points;
  }

  OutageStack stack() {
    return stack;
  }

  WorkerProcesses workers() {
    return workers;
  }

  ArmedPoints points() {
    return points;
  }

  /** Whether a case has nothing to bear but its own fault, and what passes. */
  boolean isQuiet() {
    return quiet;
  }

  /** Whether no server is being restarted, nor was a moment ago. */
  boolean serversAreUp() {
    return !restarting && Instant.now().isAfter(restarted.plus(AFTER_RESTART));
  }

  /** Does what needs all servers. */
  synchronized void whileServersAreUp(Runnable work) {
    work.run();
  }

  /** Takes a server away from everybody, one at a time. */
  synchronized void restart(Runnable server) {
    restarting = true;
    try {
      server.run();
    } finally {
      restarted = Instant.now();
      restarting = false;
    }
  }

  /** Runs a migration of each kind without a fault, and answers the points that it came to. */
  Map<FaultChoice.Kind, List<String>> learn(Consumer<FaultVerdict> told) throws Exception {
    Map<FaultChoice.Kind, List<String>> seen = new LinkedHashMap<>();
    for (Mode mode : Mode.values()) {
      for (FaultCase.Way way : FaultCase.Way.values()) {
        OutageTenant tenant = tenant(Isolation.ROWS);
        FaultCase plain =
            new FaultCase(way, mode, Isolation.ROWS, "none", Fault.WAIT, Store.SHARED_POSTGRES);
        told.accept(run(plain, tenant));
        List<String> reached = points.reached(tenant.id());
        int turned = way == FaultCase.Way.FORWARD ? 0 : reached.indexOf(FaultCase.Way.TURN) + 1;
        seen.put(
            new FaultChoice.Kind(way, mode),
            // steps run side by side, and a seed has to mean the same each time
            reached.subList(turned, reached.size()).stream().sorted().toList());
      }
    }
    return seen;
  }

  /**
   * Runs all.
   *
   * @param told learns of each verdict when it is known
   */
  List<FaultVerdict> run(List<FaultCase> cases, int atOnce, Consumer<FaultVerdict> told)
      throws InterruptedException, ExecutionException {
    this.quiet = cases.stream().noneMatch(one -> one.fault().hitsOthers());
    ExecutorService pool = Executors.newFixedThreadPool(atOnce);
    try {
      List<Future<FaultVerdict>> running = new ArrayList<>();
      for (FaultCase one : cases) {
        running.add(
            pool.submit(
                () -> {
                  FaultVerdict verdict = run(one, tenant(one.isolation()));
                  told.accept(verdict);
                  return verdict;
                }));
      }
      List<FaultVerdict> verdicts = new ArrayList<>();
      for (Future<FaultVerdict> one : running) {
        verdicts.add(one.get());
      }
      return verdicts;
    } finally {
      var unused = pool.shutdownNow();
    }
  }

  private synchronized OutageTenant tenant(Isolation isolation) {
    return stack.tenant(DATABASE, isolation, Store.values());
  }

  private FaultVerdict run(FaultCase one, OutageTenant tenant) throws InterruptedException {
    try {
      return new FaultRun(this, one, tenant).run();
    } catch (IOException | RuntimeException e) {
      return new FaultVerdict(
          one, tenant.id(), false, "UNKNOWN", Duration.ZERO, "", List.of(e.toString()));
    } finally {
      stack.giveBack(tenant);
    }
  }
}
