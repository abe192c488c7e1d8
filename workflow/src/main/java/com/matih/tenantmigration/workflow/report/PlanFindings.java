package com.matih.tenantmigration.workflow.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.matih.tenantmigration.workflow.report.forecast.StoreEstimate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a look at one store, or at all of them, found before anything is changed. */
public record PlanFindings(
    StoresSummary stores,
    List<Refusal> refusals,
    List<Warning> warnings,
    List<LeftBehind> leftBehind,
    List<String> proposals,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<StoreEstimate> estimates) {

  public static final PlanFindings NOTHING =
      new PlanFindings(StoresSummary.NONE, List.of(), List.of());

  @SuppressWarnings(
      "ConstantValue") // findings that an earlier version recorded lack the last lists
  public PlanFindings {
    refusals = List.copyOf(refusals);
    warnings = List.copyOf(warnings);
    leftBehind = leftBehind == null ? List.of() : List.copyOf(leftBehind);
    proposals = proposals == null ? List.of() : List.copyOf(proposals);
    estimates = estimates == null ? List.of() : List.copyOf(estimates);
  }

  /** Findings of a look that measures no speed. */
  public PlanFindings(
      StoresSummary stores,
      List<Refusal> refusals,
      List<Warning> warnings,
      List<LeftBehind> leftBehind,
      List<String> proposals) {
    this(stores, refusals, warnings, leftBehind, proposals, List.of());
  }

  /** Findings of a look that leaves nothing behind. */
  public PlanFindings(StoresSummary stores, List<Refusal> refusals, List<Warning> warnings) {
    this(stores, refusals, warnings, List.of(), List.of());
  }

  /**
   * The same as people are told it: each text at most 2,048 characters, and at most 200 refusals,
   * 200 warnings and 200 entries of what is left behind, or 96 KiB of each, the last of which says
   * how many more there are; of what moves, 96 KiB of each store, the last entry of which adds up
   * the others.
   *
   * @param text changes each text before, such as by taking out what is secret
   */
  public PlanFindings told(UnaryOperator<String> text) {
    return new PlanFindings(
        stores.told(),
        Bounds.first(
            refusals.stream().map(refusal -> refusal.told(text)).toList(),
            rest -> rest.get(0).standsFor(rest.size())),
        Bounds.first(
            warnings.stream().map(warning -> warning.told(text)).toList(),
            rest -> rest.get(0).standsFor(rest.size())),
        Bounds.first(
            leftBehind.stream().map(entry -> entry.told(text)).toList(), LeftBehind::together),
        // a line that is cut off would be pasted as it is
        Bounds.first(
            proposals.stream().map(text).filter(line -> line.equals(Bounds.text(line))).toList(),
            rest -> "# and %d more; paste these and repeat the plan".formatted(rest.size())),
        estimates.stream().map(estimate -> estimate.told(text)).toList());
  }

  /** Both findings in one. */
  public PlanFindings with(PlanFindings other) {
    return new PlanFindings(
        stores.with(other.stores),
        both(refusals, other.refusals),
        both(warnings, other.warnings),
        both(leftBehind, other.leftBehind),
        both(proposals, other.proposals),
        both(estimates, other.estimates));
  }

  private static <T> List<T> both(List<T> some, List<T> others) {
    List<T> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }
}
