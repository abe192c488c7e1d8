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

/** {@code pause TENANT}. */
@Command(
    name = "pause",
    description = {
      "Pauses a migration at any step before its final one, until it is resumed.",
      "A tenant that is read-only stays read-only during the pause."
    },
    mixinStandardHelpOptions = true)
public final class PauseCommand extends OperatorCommand {

  @Mixin private TenantParameter tenant = new TenantParameter();
  @Mixin private OutputOption output = new OutputOption();

  @Mixin private OperatorName operator = new OperatorName();

  @Option(names = "--reason", paramLabel = "TEXT", description = "The reason; it is recorded.")
  private String reason = "";

  @Override
  protected int run(Connections connections) {
    connections.migrations().pause(tenant.id(), reason, operator.name());
    answer(
        output,
        tenant.id(),
        "Pause requested for the migration of tenant %s.".formatted(tenant.id()));
    return ExitCode.DONE;
  }
}
