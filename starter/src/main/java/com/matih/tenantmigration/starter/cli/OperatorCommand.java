package com.matih.tenantmigration.starter.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.matih.tenantmigration.controlplane.ControlPlaneJson;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What the commands of operators share: connections that end with the command, and output. */
abstract class OperatorCommand implements Callable<Integer> {

  private static final ObjectMapper JSON =
      ControlPlaneJson.mapper().enable(SerializationFeature.INDENT_OUTPUT);

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

  /** Whether what was written can be overwritten. */
  final boolean onTerminal() {
    return root.onTerminal();
  }

  final void printJson(Object value) {
    try {
      out().println(JSON.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer that is no JSON", e);
    }
  }
}
