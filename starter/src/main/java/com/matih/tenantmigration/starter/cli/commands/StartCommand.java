package com.matih.tenantmigration.starter.cli.commands;

import com.matih.tenantmigration.starter.MigrationWatch;
import com.matih.tenantmigration.starter.OperationRejectedException;
import com.matih.tenantmigration.starter.StartedMigration;
import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.starter.cli.base.Connections;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.Farewell;
import com.matih.tenantmigration.starter.cli.base.OperatorCommand;
import com.matih.tenantmigration.starter.cli.base.OutputOption;
import com.matih.tenantmigration.starter.cli.base.RequestFile;
import com.matih.tenantmigration.starter.text.ProgressView;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code start -f REQUEST [--wait]}. */
@Command(
    name = "start",
    description =
        "Starts a migration. If a migration of the tenant is already running, the same request"
            + " returns that run and a different one is refused (3).",
    mixinStandardHelpOptions = true)
public final class StartCommand extends OperatorCommand {

  @Mixin private RequestFile file = new RequestFile();

  @Mixin private OutputOption output = new OutputOption();

  @Option(
      names = "--wait",
      description = {
        "Show progress and return the outcome as exit code;",
        "with --output json: print only the report at the end."
      })
  private boolean wait;

  @Override
  protected int run(Connections connections) throws InterruptedException {
    var request = file.read();
    TenantMigrations migrations = connections.migrations();
    StartedMigration started;
    try {
      started = migrations.start(request);
    } catch (OperationRejectedException e) {
      return refused(e);
    }
    if (output.isJson()) {
      return json(migrations, started);
    }
    out()
        .println(
            "%s: %s (run %s)"
                .formatted(
                    started.alreadyRunning() ? "Already running" : "Started",
                    started.workflowId(),
                    started.runId()));
    out().flush();
    if (!wait) {
      return ExitCode.DONE;
    }
    ProgressView view = new ProgressView(out(), screen());
    MigrationReport report =
        follow(new MigrationWatch(migrations, view::show), started, view::stop);
    out().println();
    printEnd(report);
    return ExitCode.of(report.outcome());
  }

  private int json(TenantMigrations migrations, StartedMigration started)
      throws InterruptedException {
    if (!wait) {
      printJson(started);
      return ExitCode.DONE;
    }
    MigrationReport report = follow(new MigrationWatch(migrations, live -> {}), started, () -> {});
    printJson(report);
    return ExitCode.of(report.outcome());
  }

  private MigrationReport follow(MigrationWatch watch, StartedMigration started, Runnable stop)
      throws InterruptedException {
    return Farewell.toWatcher(errors(), "migration", started.tenant())
        .during(() -> watch.follow(started), stop);
  }
}
