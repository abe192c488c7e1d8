package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryptionException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code worker --config FILE}: runs a worker until SIGINT or SIGTERM. */
@Command(
    name = "worker",
    description = "Runs the worker process until SIGINT or SIGTERM.",
    mixinStandardHelpOptions = true)
public final class WorkerCommand implements Callable<Integer> {

  private static final int DONE = 0;
  private static final int UNEXPECTED = 1;
  private static final int BAD_USAGE = 2;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The worker's configuration, YAML. See docs/operations.md.")
  private Path config = Path.of("worker.yaml");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter errors = spec.commandLine().getErr();
    WorkerConfiguration configuration;
    try {
      configuration = WorkerConfigurationReader.read(config);
    } catch (WorkerConfigurationException e) {
      errors.println(e.getMessage());
      return BAD_USAGE;
    }
    WorkerLogging.configure(configuration.logging(), System.getenv("LOG_FORMAT"));
    try (WorkerProcess process = WorkerProcess.start(configuration)) {
      CountDownLatch stopped = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    process.close();
                    stopped.countDown();
                  },
                  "shutdown"));
      stopped.await();
      return DONE;
    } catch (PayloadEncryptionException e) {
      errors.println(e.getMessage());
      return BAD_USAGE;
    } catch (MigrationException e) {
      errors.println(e.getMessage());
      return UNEXPECTED;
    }
  }
}
