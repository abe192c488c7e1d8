package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.workflow.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Migrates a fleet of tenants round after round: some one after the other, the others side by side.
 * A tenant that is rolled back starts again. At the end of a round the tenants are removed and the
 * figures are taken.
 */
final class SoakRun {

  static final String DATABASE = "shop_soak";

  /** So many tenants of a round move alone. */
  private static final double ALONE = 0.2;

  /** A tenant that begins anew under another id comes back to its first one in the end. */
  private static final int IDS_OF_TENANT = 40;

  /** The threads of a pool of Temporal's live for a minute after their last work. */
  private static final Duration REST = Duration.ofSeconds(65);

  /** The cluster ends a point-in-time five minutes after its last use. */
  private static final Duration EXPIRY = Duration.ofMinutes(6);

  /** A migration with faults may be rolled back so often in a row. */
  private static final int TRIES = 8;

  private final OutageStack stack;
  private final SoakWorker worker;
  private final List<OutageTenant> fleet;
  private final Random random;
  private final int atOnce;
  private final SoakRemoval removal;
  private final Consumer<String> told;
  private final List<String> problems = new ArrayList<>();
  private Map<SoakFigure, Long> first = new EnumMap<>(SoakFigure.class);
  private volatile Duration usual = Duration.ofSeconds(20);
  private int migrations;

  /**
   * @param tenants how many there are
   * @param told learns of everything at once
   */
  SoakRun(
      OutageStack stack,
      SoakWorker worker,
      int tenants,
      int atOnce,
      long seed,
      Consumer<String> told) {
    this.stack = stack;
    this.worker = worker;
    this.atOnce = atOnce;
    this.random = new Random(seed);
    this.told = told;
    this.removal = new SoakRemoval(stack);
    this.fleet = new ArrayList<>();
    for (int n = 0; n < tenants; n++) {
      fleet.add(stack.tenant(DATABASE, Store.values()));
    }
  }

  /** Runs a first round to compare with, and others until the time is over; at least one. */
  List<String> run(Duration time) throws InterruptedException {
    Instant end = Instant.now().plus(time);
    told.accept("time  round migrations " + SoakFigures.heading());
    for (int round = 0; round < 2 || Instant.now().isBefore(end); round++) {
      run(round);
    }
    awaitExpiry();
    return List.copyOf(problems);
  }

  private void run(int round) throws InterruptedException {
    Instant began = Instant.now();
    List<OutageTenant> tenants = new ArrayList<>();
    for (int n = 0; n < fleet.size(); n++) {
      tenants.add(inRound(fleet.get(n), n % 2 == 0 ? 0 : round % IDS_OF_TENANT));
    }
    OutageSample.add(stack, tenants);
    int alone = (int) (tenants.size() * ALONE);
    Map<OutageTenant, String> arrived = new HashMap<>();
    arrived.putAll(move(tenants.subList(0, alone), 1));
    arrived.putAll(move(tenants.subList(alone, tenants.size()), atOnce));
    arrived.forEach(removal::remove);
    removal.removeRecords();
    takeFigures(round, began);
  }

  private void takeFigures(int round, Instant began) throws InterruptedException {
    Thread.sleep(REST.toMillis());
    Map<SoakFigure, Long> figures = figures(began);
    if (round == 0) {
      first = figures;
    }
    told.accept(
        "%s %5d %10d %s"
            .formatted(
                Instant.now().toString().substring(11, 16),
                round,
                migrations,
                SoakFigures.line(figures)));
    worker.keepDetails(round);
    figures.forEach(
        (figure, value) -> {
          long before = first.getOrDefault(figure, 0L);
          if (figure.isTooMuch(value, before)) {
            problem(
                "round %d: %s is %d, was %d; %s"
                    .formatted(round, figure, value, before, figure.bound()));
          }
        });
  }

  private Map<SoakFigure, Long> figures(Instant began) throws InterruptedException {
    return SoakFigures.take(stack, worker, fleet.stream().map(OutageTenant::doors).toList(), began);
  }

  private void awaitExpiry() throws InterruptedException {
    Instant deadline = Instant.now().plus(EXPIRY);
    while (SoakFigures.searchContexts(stack) > 0) {
      if (Instant.now().isAfter(deadline)) {
        problem("search contexts are left that do not expire");
        return;
      }
      Thread.sleep(1_000);
    }
  }

  /** Under the same id, or under another one of its own. */
  private OutageTenant inRound(OutageTenant tenant, int life) {
    return new OutageTenant(
        stack,
        tenant.number() + life * fleet.size(),
        tenant.database(),
        tenant.isolation(),
        tenant.doors());
  }

  /** Moves tenants until all have arrived; returns the migrations that they arrived with. */
  private Map<OutageTenant, String> move(List<OutageTenant> tenants, int together)
      throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(together);
    try {
      Map<OutageTenant, Future<String>> moving = new HashMap<>();
      for (OutageTenant tenant : tenants) {
        Random own = new Random(random.nextLong());
        moving.put(tenant, pool.submit(() -> moveUntilArrived(tenant, own)));
      }
      Map<OutageTenant, String> arrived = new HashMap<>();
      for (Map.Entry<OutageTenant, Future<String>> one : moving.entrySet()) {
        arrived.put(one.getKey(), one.getValue().get());
      }
      return arrived;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      var unused = pool.shutdownNow();
    }
  }

  private String moveUntilArrived(OutageTenant tenant, Random own) throws InterruptedException {
    List<TenantServices.Written> written = List.of();
    for (int attempt = 0; attempt < TRIES; attempt++) {
      SoakMigration.Result result = new SoakMigration(stack, tenant, own, usual).run(written);
      note(result);
      written = result.written();
      if (result.outcome() == Outcome.COMPLETED) {
        return result.migrationId();
      }
    }
    throw new IllegalStateException(tenant.id() + " does not arrive");
  }

  private synchronized void note(SoakMigration.Result result) {
    migrations++;
    told.accept("  " + result);
    if (result.fault() == SoakFault.NONE) {
      usual = result.took();
    }
    if (!result.problems().isEmpty()) {
      problem(result.toString());
    }
  }

  private synchronized void problem(String problem) {
    told.accept("PROBLEM " + problem);
    problems.add(problem);
  }
}
