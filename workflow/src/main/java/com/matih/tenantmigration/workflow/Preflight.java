package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.RequestProblem;
import io.temporal.failure.ActivityFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Looks at the tenant and at every store of a request, all at once, and changes nothing. */
final class Preflight {

  private final Activities activities = Activities.forPreflight();
  private final Activities moment = Activities.forMoments();
  private final MigrationContext context;

  private final List<RequestProblem> problems;

  /** By store, in the order in which the stores are told of. */
  private final Map<String, PlanFindings> findings = new LinkedHashMap<>();

  /**
   * @param problems what is wrong with the request by itself
   */
  Preflight(MigrationContext context, List<RequestProblem> problems) {
    this.context = context;
    this.problems = problems;
  }

  /** Everything that was found, what stands in the way of any store included. */
  PlanFindings look() {
    MigrationRequest request = context.request();
    if (!problems.isEmpty() && Change.REQUEST_RULES.applies()) {
      return malformed(problems);
    }
    List<Runnable> looks = new ArrayList<>();
    looks.add(look("tenantConfig", () -> moment.tenantConfig().plan(context)));
    if (request.postgres() != null) {
      looks.add(look("postgres", () -> activities.postgres().plan(context)));
    }
    if (request.objectStorage() != null) {
      looks.add(look("objectStorage", () -> activities.objectStorage().plan(context)));
    }
    if (request.kafka() != null) {
      looks.add(look("kafka", () -> activities.kafka().plan(context)));
    }
    if (request.elasticsearch() != null) {
      looks.add(look("elasticsearch", () -> activities.elasticsearch().plan(context)));
    }
    if (request.redis() != null) {
      looks.add(look("redis", () -> activities.redis().plan(context)));
    }
    Concurrently.run(looks);
    return findings.values().stream()
        .filter(store -> store.refusals().stream().anyMatch(Refusal::standsAlone))
        .findFirst()
        .orElseGet(
            () ->
                together(
                    findings.values().stream().reduce(PlanFindings.NOTHING, PlanFindings::with)));
  }

  /** With what only all stores together tell. */
  private PlanFindings together(PlanFindings found) {
    return MistypedTenantKey.refusal(context.request(), found.stores())
        .map(
            refusal ->
                found.with(new PlanFindings(StoresSummary.NONE, List.of(refusal), List.of())))
        .orElse(found);
  }

  /** A request that came past the starter may be wrong by itself; then no store is asked. */
  private static PlanFindings malformed(List<RequestProblem> problems) {
    return new PlanFindings(
        StoresSummary.NONE,
        problems.stream()
            .map(
                problem ->
                    new Refusal("request", problem.path(), problem.problem(), problem.remedy()))
            .toList(),
        List.of());
  }

  private Runnable look(String store, Supplier<PlanFindings> activity) {
    findings.put(store, PlanFindings.NOTHING);
    return () -> {
      try {
        findings.put(store, activity.get());
      } catch (ActivityFailure e) {
        if (Failures.isCancellation(e)) {
          throw e;
        }
        findings.put(store, refused(store, e));
      }
    };
  }

  private static PlanFindings refused(String store, ActivityFailure failure) {
    return new PlanFindings(
        StoresSummary.NONE,
        List.of(
            Refusal.of(
                store,
                Step.wordsFor(failure.getActivityType()),
                Failures.message(failure),
                "Correct what it names and start the migration again.")),
        List.of());
  }
}
