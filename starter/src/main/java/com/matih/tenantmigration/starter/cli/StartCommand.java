package com.matih.tenantmigration.starter.cli;

import com.matih.tenantmigration.starter.MigrationWatch;
import com.matih.tenantmigration.starter.StartedMigration;
import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.starter.text.ProgressView;
import com.matih.tenantmigration.starter.text.ReportText;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code start -f REQUEST [--wait]}. */
@Command(name = "start", description = "Starts a migration.", mixinStandardHelpOptions = true)
final class StartCommand extends OperatorCommand {

  @Mixin private RequestFile file = new RequestFile();

  @Option(names = "--wait", description = "Show progress, and end with the outcome's exit code.")
  private boolean wait;

  @Override
  int run(Connections connections) throws InterruptedException {
    var request = file.read();
    TenantMigrations migrations = connections.migrations();
    StartedMigration started = migrations.start(request);
    out()
        .println(
            "%s: %s (run %s)"
                .formatted(
                    started.alreadyRunning() ? "Running already" : "Started",
                    started.workflowId(),
                    started.runId()));
    out().flush();
    if (!wait) {
      return ExitCode.DONE;
    }
    ProgressView view = new ProgressView(out(), onTerminal());
    MigrationReport report = new MigrationWatch(migrations, view::show).follow(started.tenant());
    out().println();
    out().print(ReportText.of(report));
    return ExitCode.of(report.outcome());
  }
}
