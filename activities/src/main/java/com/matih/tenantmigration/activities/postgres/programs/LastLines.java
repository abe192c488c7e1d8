package com.matih.tenantmigration.activities.postgres.programs;

import com.matih.tenantmigration.activities.postgres.failure.FailedCommand;
import com.matih.tenantmigration.activities.postgres.failure.ServerWords;
import com.matih.tenantmigration.activities.postgres.failure.ToolFailures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/**
 * Reads what a program complains about to its end, and remembers the last of it, without what may
 * hold a tenant's values: the server's details and the statements that the program repeats.
 */
final class LastLines {

  private static final int LINES = 8;
  private static final int LINE_LENGTH = 400;

  /** What these begin goes on until the program itself says something again. */
  private static final Pattern DETAILS =
      Pattern.compile(
          "(?:DETAIL|CONTEXT|QUERY|STATEMENT|LINE \\d+):.*"
              + "|(?:\\S+: (?:error|detail): )?(?:Command|command|Query|query) was:.*");

  /** The message before it is not the server's own but a function's, which may hold anything. */
  private static final Pattern RAISED = Pattern.compile("CONTEXT:.* at (?:RAISE|ASSERT)\\b.*");

  private static final Pattern MESSAGE = Pattern.compile("(.*(?:ERROR|FATAL): +).*");

  private final String program;
  private final Deque<String> lines = new ArrayDeque<>();
  private final FailedCommand command = new FailedCommand();
  private final Thread reader;
  private boolean inDetails;

  private LastLines(InputStream stream, String program) {
    this.program = program;
    reader = new Thread(() -> read(stream), "stderr-of-" + program);
    reader.setDaemon(true);
  }

  static LastLines follow(InputStream stream, String program) {
    LastLines lines = new LastLines(stream, program);
    lines.reader.start();
    return lines;
  }

  /** The last lines, in one; waits shortly for those of a program that has just ended. */
  String text() {
    try {
      reader.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (lines) {
      return lines.isEmpty() ? "it printed nothing" : String.join(" | ", lines);
    }
  }

  private void read(InputStream stream) {
    try (BufferedReader text =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = text.readLine(); line != null; line = text.readLine()) {
        if (RAISED.matcher(line).matches()) {
          hideMessageOfFunction(line);
        }
        command.read(line).ifPresent(failed -> add(ToolFailures.AT + failed));
        if (!isDetail(line)) {
          add(line.length() > LINE_LENGTH ? line.substring(0, LINE_LENGTH) + "…" : line);
        }
      }
    } catch (IOException e) {
      add("(its messages could not be read to their end)");
    }
  }

  private boolean isDetail(String line) {
    if (DETAILS.matcher(line).matches()) {
      inDetails = true;
    } else if (line.startsWith(program + ":")) {
      inDetails = false;
    }
    return inDetails;
  }

  private void hideMessageOfFunction(String context) {
    synchronized (lines) {
      String last = lines.pollLast();
      if (last != null) {
        lines.add(MESSAGE.matcher(last).replaceFirst("$1") + ServerWords.raised(context));
      }
    }
  }

  private void add(String line) {
    if (line.isBlank()) {
      return;
    }
    synchronized (lines) {
      lines.add(ServerWords.withoutValues(line.strip()));
      if (lines.size() > LINES) {
        lines.remove();
      }
    }
  }
}
