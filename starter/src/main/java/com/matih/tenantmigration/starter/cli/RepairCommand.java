package com.matih.tenantmigration.starter.cli;

import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.starter.text.ProgressView;
import com.matih.tenantmigration.starter.text.RepairText;
import com.matih.tenantmigration.workflow.repair.RepairReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code repair TENANT [--yes]}. */
@Command(
    name = "repair",
    description = {
      "Says what a migration left whose rollback or completion is incomplete, or whose workflow is"
          + " gone, and with --yes finishes it.",
      "It is rolled back, or completed where the tenant writes on the dedicated side already."
          + " Without --yes nothing is changed. May be repeated. Ends with 0 where nothing is left,"
          + " else with 5; refused (2) while a migration of the tenant runs."
    },
    mixinStandardHelpOptions = true)
final class RepairCommand extends OperatorCommand {

  @Mixin private TenantParameter tenant = new TenantParameter();

  @Option(names = "--yes", description = "Do it, and wait until it is done.")
  private boolean yes;

  @Mixin private OperatorName operator = new OperatorName();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  int run(Connections connections) throws InterruptedException {
    TenantMigrations migrations = connections.migrations();
    RepairReport report = yes ? repaired(migrations) : migrations.whatIsLeft(tenant.id());
    if (output.isJson()) {
      printJson(report);
    } else {
      out().print(RepairText.of(report, screen().columns()));
    }
    return report.somethingLeft() ? ExitCode.ROLLBACK_INCOMPLETE : ExitCode.DONE;
  }

  private RepairReport repaired(TenantMigrations migrations) throws InterruptedException {
    ProgressView view = new ProgressView(out(), screen());
    return migrations.repair(
        tenant.id(), operator.name(), output.isJson() ? live -> {} : view::show);
  }
}
