package com.matih.tenantmigration.devstack.outage;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator's command did in a silence.
 *
 * @param answered how long the operator waited for the answer to the command
 * @param stopped from the command until nothing of the migration's way forward ran any more and its
 *     status told of the command
 * @param writing of a cancel: until the tenant was ACTIVE and writing, from the command, or from
 *     the return of what holds the tenant; {@code null} for a pause
 * @param outcome how a cancelled migration ended; empty for a pause
 * @param problems what is against the promises; empty where all is well
 */
record SilenceVerdict(
    SilentStep step,
    String tenant,
    @Nullable Duration answered,
    @Nullable Duration stopped,
    @Nullable Duration writing,
    String outcome,
    List<String> problems) {

  static final String HEADING =
      "%-23s %-12s %-6s | %-6s %-8s %-8s %-23s %s"
          .formatted(
              "store", "stage", "act", "tenant", "answered", "stopped", "writing", "outcome");

  String line() {
    return "%s | %-6s %-8s %-8s %-23s %-19s %s"
        .formatted(
            step,
            tenant,
            seconds(answered),
            seconds(stopped),
            step.act() == Cell.Act.PAUSE
                ? "-"
                : seconds(writing) + (step.holdsTheTenant() ? " after the return" : ""),
            outcome,
            problems.isEmpty() ? "" : "PROBLEM " + problems);
  }

  private static String seconds(@Nullable Duration duration) {
    return duration == null ? "never" : "%.1f s".formatted(duration.toMillis() / 1000.0);
  }
}
