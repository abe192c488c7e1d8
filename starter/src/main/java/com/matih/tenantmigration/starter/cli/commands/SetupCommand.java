package com.matih.tenantmigration.starter.cli.commands;

import com.matih.tenantmigration.starter.NamespaceSetup;
import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.starter.cli.base.Connections;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.OperatorCommand;
import com.matih.tenantmigration.starter.cli.base.OutputOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code setup}. */
@Command(
    name = "setup",
    description =
        "Registers the search attributes TenantId, MigrationPhase and MigrationOutcome in"
            + " Temporal's namespace, if they are missing. Migrations run without them too; with"
            + " them Temporal's UI can list migrations by tenant, phase and outcome.",
    mixinStandardHelpOptions = true)
public final class SetupCommand extends OperatorCommand {

  @Mixin private OutputOption output = new OutputOption();

  @Override
  protected int run(Connections connections) {
    NamespaceSetup setup = TenantMigrations.setUpNamespace(connections.temporal().client());
    if (output.isJson()) {
      printJson(setup);
      return ExitCode.DONE;
    }
    out()
        .println(
            setup.registered().isEmpty()
                ? "Namespace %s has all search attributes already: %s."
                    .formatted(setup.namespace(), String.join(", ", setup.present()))
                : "Registered in namespace %s: %s."
                    .formatted(setup.namespace(), String.join(", ", setup.registered())));
    return ExitCode.DONE;
  }
}
