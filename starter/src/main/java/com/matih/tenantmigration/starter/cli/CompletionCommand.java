package com.matih.tenantmigration.starter.cli;

import com.matih.tenantmigration.starter.cli.base.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion bash|zsh}. */
@Command(
    name = "completion",
    description = "Prints a script that makes a shell complete commands and options.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nIn ~/.bashrc or ~/.zshrc:%n",
    footer = "  source <(tenant-migration completion bash)")
final class CompletionCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "SHELL", description = "bash or zsh.")
  private Shell shell = Shell.bash;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    String script = AutoComplete.bash(spec.root().name(), spec.root().commandLine());
    spec.commandLine().getOut().print(prologue() + script);
    spec.commandLine().getOut().flush();
    return ExitCode.DONE;
  }

  /** Zsh runs bash's completions once it is told to. */
  private String prologue() {
    return switch (shell) {
      case bash -> "";
      case zsh ->
          "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n";
    };
  }

  /** Named as they are written on the command line. */
  enum Shell {
    bash,
    zsh
  }
}
