package com.matih.tenantmigration.starter.cli.commands;

import com.matih.tenantmigration.starter.OperationRejectedException;
import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.starter.cli.base.Connections;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.Farewell;
import com.matih.tenantmigration.starter.cli.base.OperatorCommand;
import com.matih.tenantmigration.starter.cli.base.RequestFile;
import com.matih.tenantmigration.starter.text.PlanMarkdown;
import com.matih.tenantmigration.starter.text.PlanText;
import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plan -f REQUEST}. */
@Command(
    name = "plan",
    description =
        "Shows what would move or be left behind, how long it would take, the blockers and the"
            + " warnings. A worker runs the checks, reads from each store for a second to see how"
            + " fast it is, and builds"
            + " the schema without rows in a scratch database of the dedicated server, which it"
            + " drops; nothing else is changed. Exits with 3 if there are blockers.",
    mixinStandardHelpOptions = true)
public final class PlanCommand extends OperatorCommand {

  private static final int SILENCE_SECONDS = 15;

  @Mixin private RequestFile file = new RequestFile();

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text (default), json, or markdown: a page for a change board.")
  private Format format = Format.text;

  @Option(
      names = "--no-rehearsal",
      description = "Create no scratch database; the plan says what was not tried.")
  private boolean noRehearsal;

  @Override
  protected int run(Connections connections) throws InterruptedException {
    MigrationRequest request = file.read();
    MigrationPlan plan;
    try {
      plan = patiently(connections.migrations(), request);
    } catch (OperationRejectedException e) {
      return refused(e);
    }
    switch (format) {
      case text -> out().print(PlanText.of(plan, request, screen()));
      case json -> printJson(plan);
      case markdown -> out().print(PlanMarkdown.of(plan, request));
    }
    return plan.refusals().isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
  }

  /** Named as they are written on the command line. */
  enum Format {
    text,
    json,
    markdown
  }

  /** Waits for the worker, and says what it may wait for where that takes long. */
  private MigrationPlan patiently(TenantMigrations migrations, MigrationRequest request)
      throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    Thread reminder =
        new Thread(
            () -> {
              try {
                while (!done.await(SILENCE_SECONDS, TimeUnit.SECONDS)) {
                  errors()
                      .println(
                          "Still waiting for the plan. "
                              + migrations.planWaitsFor(request.tenant()));
                  errors().flush();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "reminder");
    reminder.setDaemon(true);
    reminder.start();
    try {
      return Farewell.toPlanner(errors(), request.tenant())
          .during(
              () ->
                  noRehearsal ? migrations.planWithoutRehearsal(request) : migrations.plan(request),
              () -> {});
    } finally {
      done.countDown();
      reminder.join();
    }
  }
}
