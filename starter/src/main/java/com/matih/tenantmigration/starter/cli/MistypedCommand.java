package com.matih.tenantmigration.starter.cli;

import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.workflow.input.SimilarName;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Names the command that somebody probably meant; what else is wrong with a command line is left to
 * the one who told of it before.
 */
final class MistypedCommand implements IParameterExceptionHandler {

  private final IParameterExceptionHandler otherwise;

  MistypedCommand(IParameterExceptionHandler otherwise) {
    this.otherwise = otherwise;
  }

  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) throws Exception {
    CommandLine command = wrong.getCommandLine();
    Optional<String> written = written(wrong);
    if (command.getParent() != null || written.isEmpty()) {
      return otherwise.handleParseException(wrong, arguments);
    }
    List<String> known =
        command.getSubcommands().entrySet().stream()
            .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
            .map(each -> each.getKey())
            .toList();
    PrintWriter errors = command.getErr();
    errors.println(
        "Unknown command '%s'.%s"
            .formatted(
                written.get(),
                SimilarName.of(written.get(), known)
                    .map(" Did you mean '%s'?"::formatted)
                    .orElse("")));
    errors.println("See --help.");
    errors.flush();
    return ExitCode.BAD_USAGE;
  }

  /** The word in a command's place; empty where something else is wrong. */
  private static Optional<String> written(ParameterException wrong) {
    return wrong instanceof UnmatchedArgumentException unmatched
        ? unmatched.getUnmatched().stream().findFirst().filter(word -> !word.startsWith("-"))
        : Optional.empty();
  }
}
