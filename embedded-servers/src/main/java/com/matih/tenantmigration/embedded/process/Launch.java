package com.matih.tenantmigration.embedded.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * How one server is launched and how it is seen to be ready.
 *
 * @param command the program with its arguments; it ends when its standard input does
 * @param environment variables set in addition to this JVM's own
 * @param ready whether the server answers now; called every few milliseconds until it does
 * @param patience how long it may take until then
 */
public record Launch(
    List<String> command,
    Map<String, String> environment,
    BooleanSupplier ready,
    Duration patience) {

  private static final int BACK = 5;

  // where sessions are scheduled as groups, a nice value counts only among a session's own; a
  // normal user may set the group's ten times a second, all users together
  private static final String STEP_BACK =
      """
      back=$1
      shift
      for try in 1 2 3 4 5; do
        { echo "$back" > /proc/$$/autogroup; } 2>/dev/null && break
        [ -e /proc/$$/autogroup ] || break
        sleep 0.15
      done
      exec nice -n "$back" "$@"
      """;

  /**
   * The same at a lower priority: a store stands in for a machine of its own, and must not take the
   * processor from the worker and from Temporal.
   */
  public Launch steppingBack() {
    List<String> all =
        new ArrayList<>(List.of("/bin/sh", "-c", STEP_BACK, "step-back", String.valueOf(BACK)));
    all.addAll(command);
    return new Launch(all, environment, ready, patience);
  }
}
