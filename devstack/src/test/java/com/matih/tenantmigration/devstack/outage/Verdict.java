package com.matih.tenantmigration.devstack.outage;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one cell.
 *
 * @param since what {@code writing} is counted from
 * @param writing how long the tenant took to be ACTIVE and to write; {@code null} where it did not
 * @param readOnly the longest time that it had no right to write
 * @param note why the migration was rolled back, in a word
 * @param problems what is against the promises; empty where all is well
 */
record Verdict(
    Cell cell,
    String tenant,
    String outcome,
    String since,
    @Nullable Duration writing,
    Duration readOnly,
    String note,
    List<String> problems) {

  /** The heading of the table. */
  static final String HEADING =
      "%-23s %-17s %-6s %-8s %-6s | %-6s %-19s %-8s %-8s %-26s"
          .formatted(
              "store", "stage", "fault", "length", "act", "tenant", "outcome", "writing", "r/o",
              "note");

  String line() {
    return "%s | %-6s %-19s %-8s %-8s %-26s %s"
        .formatted(
            cell,
            tenant,
            outcome,
            writing == null ? "never" : writing.toSeconds() + " s",
            readOnly.toSeconds() + " s",
            since + (note.isEmpty() ? "" : ", " + note),
            problems.isEmpty() ? "" : "PROBLEM " + problems);
  }
}
