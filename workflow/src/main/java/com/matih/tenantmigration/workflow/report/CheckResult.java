package com.matih.tenantmigration.workflow.report;

import com.matih.tenantmigration.workflow.CheckName;
import java.util.List;

/**
 * What one check found.
 *
 * @param compared how many things were compared: tables, keys, rows, objects, records, documents,
 *     references, queries or endpoints, by the check's nature
 * @param mismatches the first mismatches by name, or why the check was skipped
 */
public record CheckResult(CheckName check, Status status, long compared, List<String> mismatches) {

  /** How many mismatches are named; the last entry says how many more there are. */
  public static final int NAMED_MISMATCHES = 20;

  public CheckResult {
    mismatches = List.copyOf(mismatches);
  }

  /** How a check ended. */
  public enum Status {
    PASSED,
    FAILED,
    /** The store is left out of the request, or is empty on both sides; this does not block. */
    SKIPPED
  }
}
