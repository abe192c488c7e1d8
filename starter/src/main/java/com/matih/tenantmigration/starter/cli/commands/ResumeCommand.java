package com.matih.tenantmigration.starter.cli.commands;

import com.matih.tenantmigration.starter.cli.base.Connections;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.OperatorCommand;
import com.matih.tenantmigration.starter.cli.base.OperatorName;
import com.matih.tenantmigration.starter.cli.base.OutputOption;
import com.matih.tenantmigration.starter.cli.base.TenantParameter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code resume TENANT}. */
@Command(
    name = "resume",
    description = "Resumes a paused migration.",
    mixinStandardHelpOptions = true)
public final class ResumeCommand extends OperatorCommand {

  @Mixin private TenantParameter tenant = new TenantParameter();
  @Mixin private OutputOption output = new OutputOption();

  @Mixin private OperatorName operator = new OperatorName();

  @Override
  protected int run(Connections connections) {
    connections.migrations().resume(tenant.id(), operator.name());
    answer(output, tenant.id(), "The migration of tenant %s is resumed.".formatted(tenant.id()));
    return ExitCode.DONE;
  }
}
