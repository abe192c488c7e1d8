package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.validation.RequestProblem;
import com.matih.tenantmigration.workflow.stores.Store;
import com.matih.tenantmigration.workflow.stores.TenantConfiguration;
import com.matih.tenantmigration.workflow.temporal.Branches;
import com.matih.tenantmigration.workflow.temporal.Failures;
import com.matih.tenantmigration.workflow.temporal.WorkflowChange;
import io.temporal.failure.ActivityFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Looks at the tenant and at every store of a request, all at once, and changes nothing. */
final class Preflight {

  private final MigrationContext context;
  private final TenantConfiguration tenant;
  private final List<Store> stores;
  private final List<RequestProblem> problems;
  private final OperatorControl control;

  /** By store, in the order in which the stores are told of. */
  private final Map<StoreName, PlanFindings> findings = new LinkedHashMap<>();

  /**
   * @param problems what is wrong with the request by itself
   */
  Preflight(
      MigrationContext context,
      TenantConfiguration tenant,
      List<Store> stores,
      List<RequestProblem> problems,
      OperatorControl control) {
    this.context = context;
    this.tenant = tenant;
    this.stores = stores;
    this.problems = problems;
    this.control = control;
  }

  /** Everything that was found, what stands in the way of any store included. */
  PlanFindings look() {
    if (!problems.isEmpty() && WorkflowChange.REQUEST_RULES.applies()) {
      return malformed(problems);
    }
    List<Runnable> looks = new ArrayList<>();
    looks.add(look(StoreName.TENANT, tenant::plan));
    stores.forEach(store -> looks.add(look(store.name(), store::plan)));
    Branches.run(looks);
    return findings.values().stream()
        .filter(found -> found.refusals().stream().anyMatch(Refusal::standsAlone))
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
                    new Refusal(
                        StoreName.REQUEST, problem.path(), problem.problem(), problem.remedy()))
            .toList(),
        List.of());
  }

  private Runnable look(StoreName store, Supplier<PlanFindings> activity) {
    findings.put(store, PlanFindings.NOTHING);
    return () -> {
      try {
        control.runLook(() -> findings.put(store, activity.get()));
      } catch (ActivityFailure e) {
        if (Failures.isCancellation(e)) {
          throw e;
        }
        findings.put(store, refused(store, e));
      }
    };
  }

  private static PlanFindings refused(StoreName store, ActivityFailure failure) {
    return new PlanFindings(
        StoresSummary.NONE,
        List.of(
            Refusal.of(
                store,
                Step.wordsFor(failure.getActivityType()),
                Failures.message(failure),
                "Fix what it names and start the migration again.")),
        List.of());
  }
}
