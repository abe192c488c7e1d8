package com.matih.tenantmigration.starter.cli.commands;

import com.matih.tenantmigration.starter.cli.base.Connections;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.OperatorCommand;
import com.matih.tenantmigration.starter.cli.base.OperatorName;
import com.matih.tenantmigration.starter.cli.base.OutputOption;
import com.matih.tenantmigration.starter.cli.base.TenantParameter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cancel TENANT --reason TEXT}. */
@Command(
    name = "cancel",
    description =
        "Rolls a migration back; refused from the final step of the cutover"
            + " on, because the tenant may then write on the dedicated side.",
    mixinStandardHelpOptions = true)
public final class CancelCommand extends OperatorCommand {

  @Mixin private TenantParameter tenant = new TenantParameter();
  @Mixin private OutputOption output = new OutputOption();

  @Mixin private OperatorName operator = new OperatorName();

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "The reason; it is recorded.")
  private String reason = "";

  @Override
  protected int run(Connections connections) {
    answer(
        output, tenant.id(), connections.migrations().cancel(tenant.id(), reason, operator.name()));
    return ExitCode.DONE;
  }
}
