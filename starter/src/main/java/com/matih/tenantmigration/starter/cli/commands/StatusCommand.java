package com.matih.tenantmigration.starter.cli.commands;

import com.matih.tenantmigration.starter.MigrationWatch;
import com.matih.tenantmigration.starter.OperationRejectedException;
import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.starter.UnreachableException;
import com.matih.tenantmigration.starter.cli.base.Connections;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.Farewell;
import com.matih.tenantmigration.starter.cli.base.OperatorCommand;
import com.matih.tenantmigration.starter.cli.base.OutputOption;
import com.matih.tenantmigration.starter.cli.base.TenantParameter;
import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.starter.text.ProgressView;
import com.matih.tenantmigration.starter.text.ReportText;
import com.matih.tenantmigration.starter.text.StatusText;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code status TENANT [--watch]}. */
@Command(
    name = "status",
    description =
        "Shows the state of a tenant's migration: its phase, running steps and progress, and"
            + " online how long the tenant would be read-only if it were fenced now; for one that"
            + " has ended, its report.",
    mixinStandardHelpOptions = true)
public final class StatusCommand extends OperatorCommand {

  @Mixin private TenantParameter tenant = new TenantParameter();
  @Mixin private OutputOption output = new OutputOption();

  @Option(
      names = "--watch",
      description = {
        "Follow it to its end and return the outcome as exit code;",
        "with --output json: one line per update, the report last."
      })
  private boolean watch;

  @Override
  protected int run(Connections connections) throws InterruptedException {
    try {
      return show(connections);
    } catch (UnreachableException e) {
      throw new UnreachableException(
          "%s What is recorded can be read without Temporal: report %s"
              .formatted(e.getMessage(), tenant.id()),
          e);
    }
  }

  private int show(Connections connections) throws InterruptedException {
    TenantMigrations migrations = connections.migrations();
    if (watch) {
      return follow(migrations);
    }
    LiveMigration live =
        migrations
            .look(tenant.id())
            .orElseThrow(
                () ->
                    new OperationRejectedException(
                        "Tenant %s has never been migrated.".formatted(tenant.id())));
    if (output.isJson()) {
      printJson(live);
    } else if (live.running()) {
      out().print(StatusText.of(live, Instant.now(), screen()));
    } else {
      out().print(text(live));
      if (live.report() != null) {
        out().print(EarlierMigration.of(live.report(), connections));
      }
    }
    return ExitCode.DONE;
  }

  private int follow(TenantMigrations migrations) throws InterruptedException {
    ProgressView view = new ProgressView(out(), screen());
    MigrationWatch live =
        new MigrationWatch(migrations, output.isJson() ? this::printJsonLine : view::show);
    MigrationReport report =
        Farewell.toWatcher(errors(), "migration", tenant.id())
            .during(() -> live.follow(tenant.id()), view::stop);
    if (output.isJson()) {
      printJsonLine(report);
    } else {
      printEnd(report);
    }
    return ExitCode.of(report.outcome());
  }

  private String text(LiveMigration ended) {
    EndedFromOutside outside = ended.endedFromOutside();
    return outside == null || ended.report() == null
        ? ReportText.of(TenantMigrations.outcome(ended), null, screen())
        : ReportText.of(ended.report(), outside, screen());
  }
}
