package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.embedded.tools.TemporalTool;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A terminal in which an operator types commands of Temporal's tools against one server. */
final class OperatorTerminal {

  private final String address;

  OperatorTerminal(String address) {
    this.address = address;
  }

  /**
   * What a command printed and how it ended.
   *
   * @param output both streams
   */
  record Answer(int status, String output) {}

  Answer temporal(String... arguments) {
    return run(TemporalTool.TEMPORAL, arguments);
  }

  Answer tctl(String... arguments) {
    return run(TemporalTool.TCTL, arguments);
  }

  private Answer run(TemporalTool tool, String... arguments) {
    List<String> command = new ArrayList<>(List.of(tool.require().toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
    builder.environment().put("TEMPORAL_ADDRESS", address);
    builder.environment().put("TEMPORAL_CLI_ADDRESS", address);
    try {
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " does not end");
      }
      System.out.printf("$ %s%n%s[%d]%n", String.join(" ", command), output, process.exitValue());
      return new Answer(process.exitValue(), output);
    } catch (IOException e) {
      throw new AssertionError(command.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
