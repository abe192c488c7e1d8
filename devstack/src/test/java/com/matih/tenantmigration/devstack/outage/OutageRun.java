package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.devstack.outage.Cell.Act;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Migrates a tenant for each cell, all at once, and judges each. */
final class OutageRun {

  private static final Logger log = LoggerFactory.getLogger(OutageRun.class);

  private final OutageStack stack;
  private final List<Cell> cells;
  private final Semaphore starting;

  /** Opened when nothing but a shared PostgreSQL that is gone for good is waited for. */
  private final CountDownLatch others;

  /**
   * @param atOnce how many migrations may be on their way to their stages at the same time
   */
  OutageRun(OutageStack stack, List<Cell> cells, int atOnce) {
    this.stack = stack;
    this.cells = List.copyOf(cells);
    this.starting = new Semaphore(atOnce, true);
    this.others = new CountDownLatch((int) cells.stream().filter(c -> !waitsForOthers(c)).count());
  }

  /** Its return is what brings the tenant back, so it has to return in the end. */
  static boolean waitsForOthers(Cell cell) {
    return cell.isForGood() && cell.store() == Store.SHARED_POSTGRES;
  }

  /**
   * Runs all.
   *
   * @param told learns of each verdict when it is known
   */
  List<Verdict> run(Consumer<Verdict> told) throws InterruptedException {
    List<OutageTenant> tenants =
        cells.stream()
            .map(Cell::store)
            .map(store -> stack.tenant("shop_" + store.name().toLowerCase(Locale.ROOT), store))
            .toList();
    OutageSample.add(stack, tenants);
    ExecutorService pool = Executors.newCachedThreadPool();
    try (TenantServices services = new TenantServices(stack, tenants)) {
      List<Future<Verdict>> running = new ArrayList<>();
      for (int n = 0; n < cells.size(); n++) {
        CellRun run = new CellRun(stack, services, tenants.get(n), cells.get(n));
        running.add(
            pool.submit(
                () -> {
                  Verdict verdict = run(run);
                  told.accept(verdict);
                  return verdict;
                }));
      }
      List<Verdict> verdicts = new ArrayList<>();
      for (Future<Verdict> one : running) {
        verdicts.add(one.get());
      }
      return verdicts;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      var unused = pool.shutdownNow();
    }
  }

  private Verdict run(CellRun run) throws InterruptedException {
    Verdict verdict;
    try {
      starting.acquire();
      try {
        run.startAndAwaitStage();
      } finally {
        starting.release();
      }
      run.act();
      if (waitsForOthers(run.cell())) {
        others.await();
      }
      verdict = run.judge();
    } catch (RuntimeException e) {
      log.warn("{} of {}", run.cell(), run.tenant().id(), e);
      verdict = run.failed(e);
    } finally {
      if (!waitsForOthers(run.cell())) {
        others.countDown();
      }
    }
    return verdict;
  }

  /** Whether an operator's command belongs to the stage: past the end there is nothing to steer. */
  static boolean isSensible(Stage stage, Act act) {
    return act == Act.NONE || stage.compareTo(Stage.FINAL_STEP) < 0;
  }
}
