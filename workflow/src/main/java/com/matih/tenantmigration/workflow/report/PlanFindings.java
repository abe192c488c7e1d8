package com.matih.tenantmigration.workflow.report;

import java.util.ArrayList;
import java.util.List;

/** What a look at one store, or at all of them, found before anything is changed. */
public record PlanFindings(StoresSummary stores, List<Refusal> refusals, List<Warning> warnings) {

  public static final PlanFindings NOTHING =
      new PlanFindings(StoresSummary.NONE, List.of(), List.of());

  public PlanFindings {
    refusals = List.copyOf(refusals);
    warnings = List.copyOf(warnings);
  }

  /** Both findings in one. */
  public PlanFindings with(PlanFindings other) {
    List<Refusal> allRefusals = new ArrayList<>(refusals);
    allRefusals.addAll(other.refusals);
    List<Warning> allWarnings = new ArrayList<>(warnings);
    allWarnings.addAll(other.warnings);
    return new PlanFindings(stores.with(other.stores), allRefusals, allWarnings);
  }
}
