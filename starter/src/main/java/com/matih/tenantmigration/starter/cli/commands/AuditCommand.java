package com.matih.tenantmigration.starter.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.controlplane.AuditLine;
import com.matih.tenantmigration.starter.OperationRejectedException;
import com.matih.tenantmigration.starter.cli.base.Connections;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.OperatorCommand;
import com.matih.tenantmigration.starter.cli.base.OutputOption;
import com.matih.tenantmigration.starter.cli.base.TenantParameter;
import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.starter.state.Moment;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code audit TENANT}. */
@Command(
    name = "audit",
    description =
        "Shows everything that migrations and operators did to a tenant, oldest first. Reads only"
            + " the control plane. Long details are cut on a terminal, not in a file, a pipe or"
            + " JSON.",
    mixinStandardHelpOptions = true)
public final class AuditCommand extends OperatorCommand {

  private static final int SHORT = 120;

  @Mixin private TenantParameter tenant = new TenantParameter();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  protected int run(Connections connections) {
    List<AuditLine> lines = connections.controlPlane().auditTrail().list(tenant.id());
    if (lines.isEmpty() && connections.controlPlane().tenantConfigs().find(tenant.id()).isEmpty()) {
      throw new OperationRejectedException(
          ("Tenant %s is unknown: it has neither an audit trail nor a configuration."
                  + " Check its id; list names the tenants that were migrated.")
              .formatted(tenant.id()));
    }
    if (output.isJson()) {
      printJson(lines);
      return ExitCode.DONE;
    }
    if (lines.isEmpty()) {
      out().println("No action is recorded for tenant %s.".formatted(tenant.id()));
      return ExitCode.DONE;
    }
    TextTable table = new TextTable("at", "migration", "phase", "event", "outcome", "details");
    for (AuditLine line : lines) {
      table.row(
          Moment.of(line.at()),
          line.migrationId(),
          line.phase(),
          line.event(),
          line.outcome(),
          screen().redraws() ? shortened(details(line.details())) : details(line.details()));
    }
    out().print(table.text(screen()));
    return ExitCode.DONE;
  }

  /** On a terminal, where a line that is wrapped many times hides the others. */
  private static String shortened(String text) {
    return text.length() > SHORT ? text.substring(0, SHORT) + "…" : text;
  }

  private static String details(JsonNode details) {
    return details.properties().stream()
        .map(
            entry ->
                entry.getKey()
                    + "="
                    + (entry.getValue().isValueNode()
                        ? entry.getValue().asText()
                        : entry.getValue().toString()))
        .collect(Collectors.joining(" "));
  }
}
