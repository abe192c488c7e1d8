package com.matih.tenantmigration.embedded.process;

import java.util.ArrayList;
import java.util.List;

/**
 * Native commands that end when the JVM that started them ends.
 *
 * <p>A shell stands between: it runs the server as its child, reads its own standard input, which
 * is a pipe from the JVM, and at that pipe's end sends the server a signal, after five seconds
 * SIGKILL. When the server ends by itself, the shell ends with the same status.
 */
public final class Guarded {

  private static final String SCRIPT =
      """
      signal=$1
      shift
      exec 3<&0
      "$@" </dev/null 3<&- &
      server=$!
      {
        while read -r line <&3; do :; done
        kill -s "$signal" "$server"
        for tick in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
          sleep 0.2
        done
        kill -s KILL "$server"
      } >/dev/null 2>&1 &
      watcher=$!
      exec 3<&- </dev/null
      wait "$server"
      status=$?
      kill "$watcher" 2>/dev/null
      exit "$status"
      """;

  private Guarded() {}

  /**
   * The command under a guard.
   *
   * @param signal what ends the server, a name without SIG
   */
  public static List<String> command(String signal, List<String> command) {
    List<String> all = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "guard", signal));
    all.addAll(command);
    return all;
  }
}
