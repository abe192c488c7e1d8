package com.matih.tenantmigration.starter.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.matih.tenantmigration.controlplane.ControlPlaneJson;
import com.matih.tenantmigration.starter.OperationRejectedException;
import com.matih.tenantmigration.starter.text.Screen;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What the commands of operators share: connections that end with the command, and output. */
abstract class OperatorCommand implements Callable<Integer> {

  @ParentCommand private TenantMigrationCommand root = new TenantMigrationCommand();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public final Integer call() throws Exception {
    try (Connections connections = new Connections(root.environment())) {
      int code = run(connections);
      out().flush();
      return code;
    }
  }

  /** Does the command's work and answers its exit code. */
  abstract int run(Connections connections) throws Exception;

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final PrintWriter errors() {
    return spec.commandLine().getErr();
  }

  /** Where progress is shown. */
  final Screen screen() {
    return root.screen();
  }

  /** Says why nothing was begun. */
  final int refused(OperationRejectedException e) {
    errors().println(e.getMessage());
    errors().flush();
    return ExitCode.REFUSED;
  }

  /** Says of what was read that it is the record alone, where Temporal was asked in vain. */
  final void tellSilence(Connections connections) {
    connections
        .temporalSilence()
        .ifPresent(why -> errors().println("\"Running\" is the recorded state. " + why));
    errors().flush();
  }

  /** Says what became of a wish, for a person or for a program. */
  final void answer(OutputOption output, String tenant, String message) {
    if (output.isJson()) {
      printJson(new Answer(tenant, spec.name(), message));
    } else {
      out().println(message);
    }
  }

  /** What became of a wish; one that is refused ends with an error instead. */
  record Answer(String tenant, String command, String message) {}

  /** Prints a value over several lines. */
  final void printJson(Object value) {
    print(ControlPlaneJson.mapper().enable(SerializationFeature.INDENT_OUTPUT), value);
  }

  /** Prints a value in one line, at once, for those who read as it comes. */
  final void printJsonLine(Object value) {
    print(ControlPlaneJson.mapper(), value);
    out().flush();
  }

  private void print(ObjectMapper mapper, Object value) {
    try {
      out().println(mapper.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer that is no JSON", e);
    }
  }
}
