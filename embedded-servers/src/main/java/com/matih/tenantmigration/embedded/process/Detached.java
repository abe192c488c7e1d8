package com.matih.tenantmigration.embedded.process;

import java.util.ArrayList;
import java.util.List;

/**
 * Commands out of the terminal's reach, each with a share of the processor of its own.
 *
 * <p>Ctrl-C goes to every process of the terminal's foreground group; servers must not see it, so
 * that the JVM which started them can close them in order. A Linux that schedules sessions as
 * groups gives each session its share, however many threads another one has.
 */
public final class Detached {

  private static final String SCRIPT =
      """
      trap '' INT HUP
      if command -v setsid >/dev/null 2>&1; then exec setsid "$@"; fi
      exec "$@"
      """;

  private Detached() {}

  static List<String> command(String... command) {
    return command(List.of(command));
  }

  /** The process that is started becomes the command itself: its id stays. */
  public static List<String> command(List<String> command) {
    List<String> all = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "detached"));
    all.addAll(command);
    return all;
  }
}
