package com.matih.tenantmigration.workflow.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.matih.tenantmigration.workflow.CheckName;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What one check found.
 *
 * @param compared how many things were compared: tables, keys, rows, objects, records, documents,
 *     references, queries or endpoints, by the check's nature
 * @param mismatches the first mismatches by name, or why the check was skipped
 * @param notes what an operator has to know of though it is no mismatch; left out of JSON where
 *     there is none
 */
public record CheckResult(
    CheckName check,
    Status status,
    long compared,
    List<String> mismatches,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> notes) {

  /** How many mismatches are named; the last entry says how many more there are. */
  public static final int NAMED_MISMATCHES = 20;

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what is left out
  public CheckResult {
    mismatches = List.copyOf(mismatches);
    notes = notes == null ? List.of() : List.copyOf(notes);
  }

  /** A result without notes. */
  public CheckResult(CheckName check, Status status, long compared, List<String> mismatches) {
    this(check, status, compared, mismatches, List.of());
  }

  /** The same with what was compared besides, which fails it where that failed. */
  public CheckResult with(CheckResult more) {
    Status together =
        Stream.of(Status.FAILED, Status.PASSED)
            .filter(one -> status == one || more.status == one)
            .findFirst()
            .orElse(Status.SKIPPED);
    return new CheckResult(
        check,
        together,
        compared + more.compared,
        Stream.of(this, more)
            .filter(part -> part.status == together)
            .flatMap(part -> part.mismatches.stream())
            .toList(),
        Stream.concat(notes.stream(), more.notes.stream()).toList());
  }

  /**
   * The same as people are told it, each text at most 2,048 characters.
   *
   * @param text changes each text before, such as by taking out what is secret
   */
  public CheckResult told(UnaryOperator<String> text) {
    return new CheckResult(check, status, compared, told(mismatches, text), told(notes, text));
  }

  private static List<String> told(List<String> texts, UnaryOperator<String> change) {
    return texts.stream().map(change).map(Bounds::text).toList();
  }

  /** How a check ended. */
  public enum Status {
    PASSED,
    FAILED,
    /**
     * The store is left out of the request, or is empty on both sides, which does not block; or
     * another check had lost its store, and has failed.
     */
    SKIPPED
  }
}
