package com.matih.tenantmigration.starter.cli.commands;

import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.starter.cli.base.Connections;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.Farewell;
import com.matih.tenantmigration.starter.cli.base.OperatorCommand;
import com.matih.tenantmigration.starter.cli.base.OperatorName;
import com.matih.tenantmigration.starter.cli.base.OutputOption;
import com.matih.tenantmigration.starter.cli.base.TenantParameter;
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
      "Shows what is left of a migration whose rollback or completion is incomplete, or whose"
          + " workflow is gone; with --yes finishes it.",
      "The migration is rolled back, or completed if the tenant already writes on the dedicated"
          + " side. Without --yes nothing is changed. You can repeat it. Exits with 0 if nothing is"
          + " left, otherwise with 5; refused (2) while a migration of the tenant runs."
    },
    mixinStandardHelpOptions = true)
public final class RepairCommand extends OperatorCommand {

  @Mixin private TenantParameter tenant = new TenantParameter();

  @Option(names = "--yes", description = "Do it, and wait until it is done.")
  private boolean yes;

  @Mixin private OperatorName operator = new OperatorName();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  protected int run(Connections connections) throws InterruptedException {
    TenantMigrations migrations = connections.migrations();
    RepairReport report = yes ? repaired(migrations) : migrations.whatIsLeft(tenant.id());
    if (output.isJson()) {
      printJson(report);
    } else {
      out().print(RepairText.of(report, screen()));
    }
    return report.somethingLeft() ? ExitCode.ROLLBACK_INCOMPLETE : ExitCode.DONE;
  }

  private RepairReport repaired(TenantMigrations migrations) throws InterruptedException {
    ProgressView view = new ProgressView(out(), screen());
    return Farewell.toWatcher(errors(), "repair", tenant.id())
        .during(
            () ->
                migrations.repair(
                    tenant.id(), operator.name(), output.isJson() ? live -> {} : view::show),
            view::stop);
  }
}
