package com.matih.tenantmigration.starter.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code approve TENANT}. */
@Command(
    name = "approve",
    description = "Approves a migration that waits for it.",
    mixinStandardHelpOptions = true)
final class ApproveCommand extends OperatorCommand {

  @Mixin private TenantParameter tenant = new TenantParameter();

  @Option(
      names = "--approver",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who approves (default: ${DEFAULT-VALUE}).")
  private String approver = "";

  @Override
  int run(Connections connections) {
    out().println(connections.migrations().approve(tenant.id(), approver));
    return ExitCode.DONE;
  }
}
