package com.matih.tenantmigration.starter.cli.base;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.matih.tenantmigration.controlplane.ControlPlaneJson;
import com.matih.tenantmigration.starter.OperationRejectedException;
import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.starter.text.ReportText;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What the commands of operators share: connections that end with the command, and output. */
public abstract class OperatorCommand implements Callable<Integer> {

  @ParentCommand private @Nullable Surroundings root;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public final Integer call() throws Exception {
    try (Connections connections = new Connections(surroundings().environment())) {
      int code = run(connections);
      out().flush();
      return code;
    }
  }

  private Surroundings surroundings() {
    return Objects.requireNonNull(root, "a command without a command line");
  }

  /** Does the command's work and answers its exit code. */
  protected abstract int run(Connections connections) throws Exception;

  /** The variables that the command was started with. */
  protected final Map<String, String> environment() {
    return surroundings().environment();
  }

  protected final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  protected final PrintWriter errors() {
    return spec.commandLine().getErr();
  }

  /** Where progress is shown. */
  protected final Screen screen() {
    return surroundings().screen();
  }

  /** Says why nothing was begun. */
  protected final int refused(OperationRejectedException e) {
    errors().println(e.getMessage());
    errors().flush();
    return ExitCode.REFUSED;
  }

  /** Says of what was read that it is the record alone, where Temporal was asked in vain. */
  protected final void tellSilence(Connections connections) {
    connections
        .temporalSilence()
        .ifPresent(why -> errors().println("\"Running\" is the recorded state. " + why));
    errors().flush();
  }

  /** Prints the report of a migration that was followed to its end. */
  protected final void printEnd(MigrationReport report) {
    Screen screen = screen();
    out().print(ReportText.of(report, null, screen));
    if (screen.redraws()) {
      out().print(ReportText.closing(report, screen));
    }
  }

  /** Says what became of a wish, for a person or for a program. */
  protected final void answer(OutputOption output, String tenant, String message) {
    if (output.isJson()) {
      printJson(new Answer(tenant, spec.name(), message));
    } else {
      out().println(message);
    }
  }

  /** What became of a wish; one that is refused ends with an error instead. */
  private record Answer(String tenant, String command, String message) {}

  /** Prints a value over several lines. */
  protected final void printJson(Object value) {
    print(ControlPlaneJson.mapper().enable(SerializationFeature.INDENT_OUTPUT), value);
  }

  /** Prints a value in one line, at once, for those who read as it comes. */
  protected final void printJsonLine(Object value) {
    print(ControlPlaneJson.mapper(), value);
    out().flush();
  }

  private void print(ObjectMapper mapper, Object value) {
    try {
      out().println(mapper.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer that is not JSON", e);
    }
  }
}
