package com.matih.tenantmigration.devstack.outage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Migrates a tenant for each case of a silence, all at once, and judges each. */
final class SilenceRun {

  private final OutageStack stack;
  private final List<SilentStep> steps;
  private final Duration promise;
  private final boolean forGood;
  private final Semaphore places;

  /**
   * @param promise how long a command may take
   * @param forGood whether a store that is not needed to bring the tenant back stays silent until
   *     its migration has ended
   * @param atOnce how many migrations may be on their way, or wait for a command's effect, at the
   *     same time
   */
  SilenceRun(
      OutageStack stack, List<SilentStep> steps, Duration promise, boolean forGood, int atOnce) {
    this.stack = stack;
    this.steps = List.copyOf(steps);
    this.promise = promise;
    this.forGood = forGood;
    this.places = new Semaphore(atOnce, true);
  }

  /**
   * Runs all; the control plane is silent last.
   *
   * @param told learns of each verdict when it is known
   */
  List<SilenceVerdict> run(Consumer<SilenceVerdict> told) throws InterruptedException {
    List<OutageTenant> tenants = steps.stream().map(this::tenant).toList();
    OutageSample.add(stack, tenants);
    try (TenantServices services = new TenantServices(stack, tenants)) {
      List<SilentStepRun> runs = new ArrayList<>();
      for (int n = 0; n < steps.size(); n++) {
        runs.add(new SilentStepRun(stack, services, tenants.get(n), steps.get(n), promise));
      }
      ofStores(runs.stream().filter(run -> run.step().store() != null).toList(), told);
      ofControlPlane(runs.stream().filter(run -> run.step().store() == null).toList(), told);
      return runs.stream().map(SilentStepRun::verdict).toList();
    }
  }

  private OutageTenant tenant(SilentStep step) {
    Store store = step.store();
    return store == null ? stack.tenant("silence") : stack.tenant("silence", store);
  }

  /** Each tenant's own proxy falls silent, when it has come to its stage. */
  private void ofStores(List<SilentStepRun> runs, Consumer<SilenceVerdict> told)
      throws InterruptedException {
    together(
        runs,
        run -> {
          attempt(
              run,
              () -> {
                places.acquire();
                try {
                  run.reachStage();
                  run.fallSilent();
                  run.begin();
                  run.steer();
                } finally {
                  places.release();
                }
              });
          attempt(run, () -> run.end(forGood));
          told.accept(run.verdict());
        });
  }

  /** All tenants wait at their stages when their one control plane falls silent. */
  private void ofControlPlane(List<SilentStepRun> runs, Consumer<SilenceVerdict> told)
      throws InterruptedException {
    if (runs.isEmpty()) {
      return;
    }
    together(runs, run -> attempt(run, run::reachStage));
    stack.controlDoor().fallSilent();
    try {
      together(
          runs,
          run ->
              attempt(
                  run,
                  () -> {
                    run.begin();
                    run.steer();
                  }));
    } finally {
      stack.controlDoor().speakAgain();
    }
    together(
        runs,
        run -> {
          attempt(run, () -> run.end(false));
          told.accept(run.verdict());
        });
  }

  /** What is done for one case. */
  private interface Part {
    void of(SilentStepRun run) throws InterruptedException;
  }

  /** What may get a case into trouble. */
  private interface Attempt {
    void make() throws InterruptedException;
  }

  private static void together(List<SilentStepRun> runs, Part part) throws InterruptedException {
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      List<Callable<Boolean>> parts = new ArrayList<>();
      for (SilentStepRun run : runs) {
        parts.add(
            () -> {
              part.of(run);
              return true;
            });
      }
      for (Future<Boolean> one : pool.invokeAll(parts)) {
        var unused = one.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      var unused = pool.shutdownNow();
    }
  }

  /** A case in which the test itself got into trouble goes no further. */
  private static void attempt(SilentStepRun run, Attempt attempt) throws InterruptedException {
    if (run.isInTrouble()) {
      return;
    }
    try {
      attempt.make();
    } catch (RuntimeException e) {
      run.failed(e);
    }
  }
}
