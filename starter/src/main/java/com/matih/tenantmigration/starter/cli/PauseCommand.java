package com.matih.tenantmigration.starter.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pause TENANT}. */
@Command(
    name = "pause",
    description = {
      "Stops a migration, whatever it is at before its final step, until it is resumed.",
      "Mind that a tenant that is read-only stays so meanwhile."
    },
    mixinStandardHelpOptions = true)
final class PauseCommand extends OperatorCommand {

  @Mixin private TenantParameter tenant = new TenantParameter();
  @Mixin private OutputOption output = new OutputOption();

  @Mixin private OperatorName operator = new OperatorName();

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it goes on record.")
  private String reason = "";

  @Override
  int run(Connections connections) {
    connections.migrations().pause(tenant.id(), reason, operator.name());
    answer(
        output,
        tenant.id(),
        "The migration of tenant %s is asked to pause.".formatted(tenant.id()));
    return ExitCode.DONE;
  }
}
