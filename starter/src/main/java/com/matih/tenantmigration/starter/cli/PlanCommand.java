package com.matih.tenantmigration.starter.cli;

import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.starter.text.PlanText;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code plan -f REQUEST}. */
@Command(
    name = "plan",
    description = "Shows what would move and what stands in the way; changes nothing.",
    mixinStandardHelpOptions = true)
final class PlanCommand extends OperatorCommand {

  private static final int SILENCE_SECONDS = 15;

  @Mixin private RequestFile file = new RequestFile();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  int run(Connections connections) throws InterruptedException {
    MigrationRequest request = file.read();
    MigrationPlan plan = patiently(connections.migrations(), request);
    if (output.isJson()) {
      printJson(plan);
    } else {
      out().print(PlanText.of(plan));
    }
    return plan.refusals().isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
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
                          "Still waiting for the plan. Does a worker poll task queue %s?"
                              .formatted(TemporalNames.TASK_QUEUE));
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
      return migrations.plan(request);
    } finally {
      done.countDown();
      reminder.join();
    }
  }
}
