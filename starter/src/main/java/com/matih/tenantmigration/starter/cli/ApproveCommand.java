package com.matih.tenantmigration.starter.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code approve TENANT}. */
@Command(
    name = "approve",
    description = "Approves a migration whose request asks for it; any time before the fence.",
    mixinStandardHelpOptions = true)
final class ApproveCommand extends OperatorCommand {

  @Mixin private TenantParameter tenant = new TenantParameter();
  @Mixin private OutputOption output = new OutputOption();

  @Option(
      names = {"--approver", "--by"},
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who approves; it goes on record (default: the name of your user).")
  private String approver = "";

  @Override
  int run(Connections connections) {
    answer(output, tenant.id(), connections.migrations().approve(tenant.id(), approver));
    return ExitCode.DONE;
  }
}
