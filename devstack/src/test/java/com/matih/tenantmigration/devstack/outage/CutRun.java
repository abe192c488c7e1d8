package com.matih.tenantmigration.devstack.outage;

import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.workflow.report.Failure;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrates tenants whose connections to all stores are cut where a seed says: requests that never
 * arrive, and answers that are lost after the work was done. Each tenant arrives whole, each thing
 * once.
 */
final class CutRun {

  private static final Logger log = LoggerFactory.getLogger(CutRun.class);
  private static final String DATABASE = "shop_cut";
  private static final int CUTS_OF_STORE = 3;
  private static final int AT_ONCE = 6;
  private static final Duration TO_THE_END = Duration.ofMinutes(20);

  private final OutageStack stack;
  private final long seed;
  private final List<String> problems = new ArrayList<>();

  CutRun(OutageStack stack, long seed) {
    this.stack = stack;
    this.seed = seed;
  }

  /**
   * Runs them, half of them online.
   *
   * @param told learns of each tenant's end when it is known
   * @return what is against the promises
   */
  List<String> run(int count, Consumer<String> told) {
    for (int first = 0; first < count; first += AT_ONCE) {
      runSome(first, Math.min(AT_ONCE, count - first), told);
    }
    List<String> theirs =
        Databases.query(
            stack.sides().shared(),
            DATABASE,
            "SELECT count(*) FROM app.queries WHERE tenant_id = 'neighbour'");
    if (!theirs.equals(List.of("50"))) {
      problems.add("the neighbour has " + theirs);
    }
    return List.copyOf(problems);
  }

  private void runSome(int first, int count, Consumer<String> told) {
    List<OutageTenant> tenants = new ArrayList<>();
    List<SeededCuts> cuts = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      tenants.add(stack.tenant(DATABASE, Store.values()));
      cuts.add(new SeededCuts(seed * 1_000 + first + n, CUTS_OF_STORE));
    }
    OutageSample.add(stack, tenants);
    try (TenantServices services = new TenantServices(stack, tenants)) {
      for (int n = 0; n < count; n++) {
        startAndCut(tenants.get(n), n % 2 == 0 ? Mode.ONLINE : Mode.OFFLINE, cuts.get(n));
      }
      for (int n = 0; n < count; n++) {
        told.accept(judge(services, tenants.get(n), cuts.get(n)));
      }
    }
  }

  /** A plan refuses at once where a store cannot be reached, so the cuts begin behind it. */
  private void startAndCut(OutageTenant tenant, Mode mode, SeededCuts cuts) {
    StageGate.Gate gate = stack.gate().at(tenant.id(), Stage.PROVISION);
    var unused = stack.migrations().start(tenant.request(false, mode));
    await().atMost(TO_THE_END).until(gate.arrived()::isDone);
    for (Store store : Store.values()) {
      tenant.doors().before(store).cutAt(cuts.before(store));
    }
    gate.open();
  }

  private String judge(TenantServices services, OutageTenant tenant, SeededCuts cuts) {
    TenantServices.Seen seen = services.of(tenant);
    await()
        .alias("the end of the migration of " + tenant.id())
        .atMost(TO_THE_END)
        .until(() -> seen.outcome().isPresent());
    String outcome = seen.outcome().orElseThrow();
    String why = stack.migrations().report(tenant.id()).map(CutRun::why).orElse("");
    seen.stop();
    await().atMost(TO_THE_END).until(() -> !seen.isWriting());
    List<String> lost = services.lost(tenant);
    List<String> wrong = new ArrayList<>();
    if (!outcome.equals("COMPLETED")) {
      wrong.add("the outcome is %s: %s".formatted(outcome, why));
    } else {
      Map<String, Object> found = DedicatedContent.found(stack, tenant);
      DedicatedContent.expected(tenant, seen.written())
          .forEach(
              (what, expected) -> {
                if (!expected.equals(found.get(what))) {
                  wrong.add("%s: %s instead of %s".formatted(what, found.get(what), expected));
                }
              });
    }
    if (!lost.isEmpty()) {
      wrong.add("lost " + lost);
    }
    String line = "%s cut %s: %s %s".formatted(tenant.id(), cuts.done(), outcome, wrong);
    log.info("{}", line);
    if (!wrong.isEmpty()) {
      problems.add(line);
    }
    return line;
  }

  private static String why(MigrationReport report) {
    Failure failure = report.failure();
    return failure == null
        ? report.refusals().toString()
        : failure.phase() + " " + failure.type() + ": " + failure.message();
  }
}
