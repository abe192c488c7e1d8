package com.matih.tenantmigration.starter.cli;

import com.matih.tenantmigration.starter.cli.base.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code commands-page}: for those who change a command and its documentation with it. */
@Command(
    name = "commands-page",
    description = "Prints docs/commands.md.",
    hidden = true,
    mixinStandardHelpOptions = true)
final class CommandsPageCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(CommandsPage.of(spec.root().commandLine()));
    spec.commandLine().getOut().flush();
    return ExitCode.DONE;
  }
}
