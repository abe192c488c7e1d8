package com.matih.tenantmigration.starter.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pause TENANT}. */
@Command(
    name = "pause",
    description = "Stops a migration before its next step, until it is resumed.",
    mixinStandardHelpOptions = true)
final class PauseCommand extends OperatorCommand {

  @Mixin private TenantParameter tenant = new TenantParameter();

  @Override
  int run(Connections connections) {
    connections.migrations().pause(tenant.id());
    out().println("The migration of tenant %s is asked to pause.".formatted(tenant.id()));
    return ExitCode.DONE;
  }
}
