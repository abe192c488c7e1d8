package com.matih.tenantmigration.starter.cli.commands;

import com.matih.tenantmigration.starter.cli.base.Connections;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.OperatorCommand;
import com.matih.tenantmigration.starter.cli.base.OutputOption;
import com.matih.tenantmigration.starter.cli.base.TenantParameter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code approve TENANT}. */
@Command(
    name = "approve",
    description = "Approves a migration whose request requires it, at any time before FENCE.",
    mixinStandardHelpOptions = true)
public final class ApproveCommand extends OperatorCommand {

  @Mixin private TenantParameter tenant = new TenantParameter();
  @Mixin private OutputOption output = new OutputOption();

  @Option(
      names = {"--approver", "--by"},
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Name of the approver; it is recorded (default: your user name).")
  private String approver = "";

  @Override
  protected int run(Connections connections) {
    answer(output, tenant.id(), connections.migrations().approve(tenant.id(), approver));
    return ExitCode.DONE;
  }
}
