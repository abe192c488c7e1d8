package com.matih.tenantmigration.workflow.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a look at one store, or at all of them, found before anything is changed. */
public record PlanFindings(StoresSummary stores, List<Refusal> refusals, List<Warning> warnings) {

  public static final PlanFindings NOTHING =
      new PlanFindings(StoresSummary.NONE, List.of(), List.of());

  public PlanFindings {
    refusals = List.copyOf(refusals);
    warnings = List.copyOf(warnings);
  }

  /**
   * The same as people are told it: each text at most 2,048 characters, and at most 200 refusals
   * and 200 warnings, or 96 KiB of each, the last of which says how many more there are; of what
   * moves, 96 KiB of each store, the last entry of which adds up the others.
   *
   * @param text changes each text before, such as by taking out what is secret
   */
  public PlanFindings told(UnaryOperator<String> text) {
    List<Refusal> toldRefusals = refusals.stream().map(refusal -> refusal.told(text)).toList();
    List<Warning> toldWarnings = warnings.stream().map(warning -> warning.told(text)).toList();
    return new PlanFindings(
        stores.told(),
        Bounds.first(toldRefusals, Refusal::toString, more -> toldRefusals.get(0).standsFor(more)),
        Bounds.first(toldWarnings, Warning::toString, more -> toldWarnings.get(0).standsFor(more)));
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
