package com.matih.tenantmigration.starter.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code resume TENANT}. */
@Command(
    name = "resume",
    description = "Resumes a paused migration.",
    mixinStandardHelpOptions = true)
final class ResumeCommand extends OperatorCommand {

  @Mixin private TenantParameter tenant = new TenantParameter();
  @Mixin private OutputOption output = new OutputOption();

  @Mixin private OperatorName operator = new OperatorName();

  @Override
  int run(Connections connections) {
    connections.migrations().resume(tenant.id(), operator.name());
    answer(output, tenant.id(), "The migration of tenant %s is resumed.".formatted(tenant.id()));
    return ExitCode.DONE;
  }
}
