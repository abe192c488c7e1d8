package com.matih.tenantmigration.starter.cli;

import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.starter.WishRefusedException;
import com.matih.tenantmigration.starter.text.ReportText;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code report TENANT}. */
@Command(
    name = "report",
    description = "Shows the report of a tenant's last migration; of a running one, so far.",
    mixinStandardHelpOptions = true)
final class ReportCommand extends OperatorCommand {

  @Mixin private TenantParameter tenant = new TenantParameter();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  int run(Connections connections) {
    MigrationReport report =
        connections
            .controlPlane()
            .migrations()
            .latest(tenant.id())
            .map(MigrationRecord::report)
            .orElseThrow(
                () ->
                    new WishRefusedException(
                        "Tenant %s was never migrated.".formatted(tenant.id())));
    if (output.isJson()) {
      printJson(report);
    } else {
      out().print(ReportText.of(report));
    }
    return ExitCode.DONE;
  }
}
