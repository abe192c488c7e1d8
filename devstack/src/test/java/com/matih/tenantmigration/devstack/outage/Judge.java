package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges one tenant after its outage by what its service saw: how the migration ended, when the
 * tenant was ACTIVE and writing, and that nothing it wrote is lost.
 */
final class Judge {

  /** What is promised, from the moment that shared PostgreSQL and control plane answer. */
  static final Duration PROMISE = Duration.ofSeconds(60);

  private static final Duration PATIENCE = PROMISE.multipliedBy(3);

  private final OutageStack stack;
  private final TenantServices services;
  private final OutageTenant tenant;
  private final Cell cell;
  private final String refusedCommand;
  private final List<String> problems = new ArrayList<>();

  Judge(
      OutageStack stack,
      TenantServices services,
      OutageTenant tenant,
      Cell cell,
      String refusedCommand) {
    this.stack = stack;
    this.services = services;
    this.tenant = tenant;
    this.cell = cell;
    this.refusedCommand = refusedCommand;
  }

  /** Judges what is so now; the store may be away still. */
  Verdict judge(Instant gone, @Nullable Instant returned, @Nullable Instant cancelled)
      throws InterruptedException {
    TenantServices.Seen seen = services.of(tenant);
    Optional<MigrationReport> report = stack.migrations().report(tenant.id());
    String outcome = seen.outcome().orElse("RUNNING");
    judgeOutcome(outcome, report);
    Instant turned = report.flatMap(Judge::turnedBack).orElse(null);
    String since;
    Instant reference;
    if (cell.store() == Store.SHARED_POSTGRES && returned != null) {
      since = "return";
      reference = returned;
    } else if (cancelled != null) {
      since = "cancel";
      reference = cancelled;
    } else if (cell.store() == Store.SHARED_POSTGRES && turned != null) {
      since = "failure";
      reference = turned;
    } else {
      // what brings a tenant back answers all the time
      since = "outage";
      reference = gone;
    }
    Duration writing = awaitWrite(seen, reference);
    boolean isOnItsWay = outcome.equals("COMPLETED") && turned == null;
    if (writing == null || (writing.compareTo(PROMISE) > 0 && !isOnItsWay)) {
      problems.add("not ACTIVE and writing within %s of the %s".formatted(PROMISE, since));
    }
    judgeRoute(seen, outcome);
    String note =
        report
            .map(MigrationReport::failure)
            .map(failure -> failure.phase() + " " + failure.type())
            .orElse("");
    return new Verdict(
        cell,
        tenant.id(),
        outcome,
        since,
        writing,
        seen.longestReadOnly(),
        note + (refusedCommand.isEmpty() ? "" : ", command refused"),
        List.copyOf(problems));
  }

  private void judgeOutcome(String outcome, Optional<MigrationReport> report) {
    boolean good =
        switch (outcome) {
          case "COMPLETED", "ROLLED_BACK" -> true;
          case "REFUSED" -> cell.stage() == Stage.PREFLIGHT;
          case "ROLLBACK_INCOMPLETE" -> mayBeLeft(cell.store());
          default -> false;
        };
    if (!good) {
      problems.add(
          "the outcome is %s: %s"
              .formatted(outcome, report.map(MigrationReport::rollback).orElse(List.of())));
    }
  }

  /** Which of the dedicated objects are the migration's is seen on the shared side. */
  private static boolean mayBeLeft(Store store) {
    return store.isDedicated() || store == Store.SHARED_S3;
  }

  private static Optional<Instant> turnedBack(MigrationReport report) {
    return report.phases().stream()
        .filter(timing -> timing.phase() == Phase.ROLLING_BACK)
        .map(PhaseTiming::startedAt)
        .findFirst();
  }

  private static @Nullable Duration awaitWrite(TenantServices.Seen seen, Instant reference)
      throws InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (true) {
      Optional<TenantServices.Written> written = seen.firstWrite(reference);
      if (written.isPresent()) {
        return Duration.between(reference, written.get().at());
      }
      if (Instant.now().isAfter(deadline)) {
        return null;
      }
      Thread.sleep(500);
    }
  }

  private void judgeRoute(TenantServices.Seen seen, String outcome) throws InterruptedException {
    if (!seen.state().equals("ACTIVE")) {
      problems.add("the state is " + seen.state());
    }
    boolean completed = outcome.equals("COMPLETED");
    if (completed ? !seen.isRoutedToDedicated() : !seen.isRoutedToShared()) {
      problems.add("the route leads to the wrong side");
    }
    if (awaitWrite(seen, Instant.now()) == null) {
      problems.add("its writes are refused: " + seen.refusal());
    }
    List<String> lost = services.lost(tenant);
    if (!lost.isEmpty()) {
      problems.add("lost " + lost);
    }
  }

  /** What was left must be named, and a repair must remove it once the store is back. */
  Verdict afterRepair(Verdict verdict) throws InterruptedException {
    String outcome = verdict.outcome();
    if (outcome.equals(Outcome.COMPLETED.name()) || outcome.equals("RUNNING")) {
      return finished(verdict, outcome);
    }
    Leftovers leftovers =
        new Leftovers(stack, tenant, stack.migrations().report(tenant.id()).orElseThrow());
    problems.addAll(leftovers.unnamed());
    if (!outcome.equals(Outcome.ROLLBACK_INCOMPLETE.name())) {
      return finished(verdict, outcome);
    }
    problems.addAll(leftovers.afterRepair());
    return finished(verdict, outcome + "+");
  }

  private Verdict finished(Verdict verdict, String outcome) {
    services.of(tenant).stop();
    return new Verdict(
        verdict.cell(),
        verdict.tenant(),
        outcome,
        verdict.since(),
        verdict.writing(),
        verdict.readOnly(),
        verdict.note(),
        List.copyOf(problems));
  }
}
