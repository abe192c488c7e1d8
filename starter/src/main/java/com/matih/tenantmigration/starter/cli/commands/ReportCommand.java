package com.matih.tenantmigration.starter.cli.commands;

import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.controlplane.Migrations;
import com.matih.tenantmigration.starter.OperationRejectedException;
import com.matih.tenantmigration.starter.cli.base.Connections;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.OperatorCommand;
import com.matih.tenantmigration.starter.cli.base.TenantParameter;
import com.matih.tenantmigration.starter.html.ReportPage;
import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.starter.text.ReportMarkdown;
import com.matih.tenantmigration.starter.text.ReportText;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code report TENANT}. */
@Command(
    name = "report",
    description =
        "Shows the report of a tenant's last migration, or of the one that --migration names; while"
            + " it runs, what is known so far. Reads only the control plane.",
    mixinStandardHelpOptions = true)
public final class ReportCommand extends OperatorCommand {

  @Mixin private TenantParameter tenant = new TenantParameter();

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = {"text (default), json, markdown, or html:", "one self-contained page."})
  private Format format = Format.text;

  @Option(
      names = "--migration",
      paramLabel = "ID",
      description = "Id of an earlier migration of the tenant; see list.")
  private @Nullable String migrationId;

  @Override
  protected int run(Connections connections) {
    MigrationRecord record = record(connections.controlPlane().migrations());
    MigrationReport report =
        connections.live(record).map(ReportCommand::following).orElse(record.report());
    EndedFromOutside ended = connections.endedFromOutside(record).orElse(null);
    tellSilence(connections);
    if (ended != null && format != Format.text) {
      errors().print("%s%n%s".formatted(ended.told(), ended.remedy()));
    }
    switch (format) {
      case text -> out().print(ReportText.of(report, ended, screen()));
      case json -> printJson(report);
      case markdown -> out().print(ReportMarkdown.of(report, ended));
      case html -> out().print(ReportPage.of(report, ended));
    }
    if (migrationId == null && format == Format.text) {
      out().print(EarlierMigration.of(report, connections));
    }
    return ExitCode.DONE;
  }

  /** What is on record of the followed stores is from the begin of the phase. */
  private static MigrationReport following(LiveMigration live) {
    return Objects.requireNonNull(live.report()).following(live.lag(), live.forecast());
  }

  private MigrationRecord record(Migrations migrations) {
    if (migrationId == null) {
      return migrations
          .latest(tenant.id())
          .orElseThrow(
              () ->
                  new OperationRejectedException(
                      "Tenant %s has never been migrated.".formatted(tenant.id())));
    }
    return migrations
        .find(migrationId)
        .filter(found -> found.tenantId().equals(tenant.id()))
        .orElseThrow(
            () ->
                new OperationRejectedException(
                    "Tenant %s has no migration %s. See list."
                        .formatted(tenant.id(), migrationId)));
  }

  /** Named as they are written on the command line. */
  enum Format {
    text,
    json,
    markdown,
    html
  }
}
