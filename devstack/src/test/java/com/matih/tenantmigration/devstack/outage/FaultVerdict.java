package com.matih.tenantmigration.devstack.outage;

import java.time.Duration;
import java.util.List;

/**
 * What became of a case.
 *
 * @param happened whether the migration came to the point, so that the fault happened
 * @param readOnly the longest time for which the tenant could not write
 * @param note why the migration was rolled back, or which command was refused
 * @param problems what is against the promises; empty where all is well
 */
record FaultVerdict(
    FaultCase tried,
    String tenant,
    boolean happened,
    String outcome,
    Duration readOnly,
    String note,
    List<String> problems) {

  static final String HEADING =
      "%-8s %-7s %-6s %-32s %-18s %-23s | %-6s %-19s %-7s %s"
          .formatted(
              "way", "mode", "form", "point", "fault", "store", "tenant", "outcome", "r/o", "note");

  String line() {
    return "%s | %-6s %-19s %-7s %s%s%s"
        .formatted(
            tried,
            tenant,
            outcome,
            readOnly.toSeconds() + " s",
            happened ? "" : "not reached ",
            note,
            problems.isEmpty() ? "" : " PROBLEM " + problems);
  }
}
