package com.matih.tenantmigration.devstack;

import com.matih.tenantmigration.devstack.platforms.SamplePlatform;
import com.matih.tenantmigration.devstack.sample.SampleSize;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code devstack}: real servers, sample tenants and a worker, until SIGINT or SIGTERM. */
@Command(
    name = "devstack",
    description = {
      "Starts real servers with sample tenants, and a worker, and runs until Ctrl-C.",
      "Writes DIR/devstack.env when all of them answer, and requests to DIR/requests/."
    },
    mixinStandardHelpOptions = true)
public final class DevstackCommand implements Callable<Integer> {

  private static final int DONE = 0;
  private static final int UNEXPECTED = 1;

  @Option(
      names = "--dir",
      required = true,
      paramLabel = "DIR",
      description = "Folder for environment, requests, worker configuration, snapshots and logs.")
  private Path directory = Path.of("devstack");

  @Option(names = "--no-worker", description = "Do not start a worker.")
  private boolean noWorker;

  @Option(names = "--no-seed", description = "Do not load the sample tenants.")
  private boolean noSeed;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    Terminal terminal = new Terminal(spec.commandLine().getOut());
    DevstackSettings settings =
        new DevstackSettings(
            directory.toAbsolutePath().normalize(),
            noSeed ? Optional.empty() : Optional.of(SampleSize.FULL),
            Isolation.ROWS,
            DevstackSettings.temporalAddressOfEnvironment());
    FileLogging.to(settings.logs().resolve("devstack.log"));
    try (StackEnd end = StackEnd.onSignal(terminal)) {
      Devstack devstack = end.whenDone(Devstack.start(settings, terminal));
      if (!noSeed) {
        terminal.heading("Loading the sample platforms into databases of their own");
        SamplePlatform.loadAll(
            devstack.sides(), devstack.controlPlane(), settings.directory(), settings.snapshots());
      }
      if (!noWorker) {
        WorkerChild worker = end.whenDone(WorkerChild.start(devstack));
        worker.tellLoss(new WorkerLoss(terminal, settings.directory(), worker.log()));
      }
      devstack.writeEnvironment();
      terminal.heading("Ready. In another terminal:");
      terminal.line("  set -a; . " + settings.directory().resolve("devstack.env") + "; set +a");
      if (!noSeed) {
        terminal.line(
            "  bin/tenant-migration start -f "
                + settings.directory().resolve("requests/acme-rows.yaml")
                + " --wait");
      }
      terminal.line("Ctrl-C stops everything.");
      new CountDownLatch(1).await();
      return DONE;
    } catch (RuntimeException e) {
      spec.commandLine().getErr().println(Obstacle.of(e).orElseThrow(() -> e));
      return UNEXPECTED;
    }
  }
}
