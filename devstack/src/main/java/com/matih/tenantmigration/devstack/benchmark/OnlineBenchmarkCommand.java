package com.matih.tenantmigration.devstack.benchmark;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.matih.tenantmigration.benchmarks.measure.Machine;
import com.matih.tenantmigration.controlplane.ControlPlaneJson;
import com.matih.tenantmigration.devstack.FileLogging;
import com.matih.tenantmigration.devstack.Obstacle;
import com.matih.tenantmigration.devstack.Terminal;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.ResultFolder;
import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.starter.layout.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code benchmark online}: how long a tenant is read-only, and whether its size matters. */
@Command(
    name = "online",
    description = {
      "Times how long a tenant is read-only while it moves online with all five stores, and the"
          + " same of one ten times as large, in turn.",
      "Both tenants write into all stores meanwhile. A run takes two minutes or so; one that loses"
          + " a write, or finds one twice, ends the benchmark.",
      "Prints a table and writes DIR/benchmark.json and DIR/benchmark.md."
    },
    mixinStandardHelpOptions = true)
public final class OnlineBenchmarkCommand implements Callable<Integer> {

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Folder for the results and the logs (default: a new folder in target/benchmark).")
  private @Nullable Path directory;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often each tenant is moved (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--writers",
      paramLabel = "N",
      defaultValue = "8",
      description =
          "How many threads write for the tenant, and as many for its neighbour; one of them into"
              + " all stores, the others rows and records (default: ${DEFAULT-VALUE}).")
  private int writers;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rounds < 1 || writers < 1) {
      throw new ParameterException(
          spec.commandLine(), "--rounds and --writers must be at least 1.");
    }
    Terminal terminal = new Terminal(spec.commandLine().getOut());
    Path folder = ResultFolder.choose(directory, "benchmark");
    terminal.line("Results and logs go to " + folder);
    FileLogging.to(folder.resolve("logs").resolve("benchmark.log"));
    try {
      OnlineResults results =
          OnlineResults.of(
              Machine.here(""),
              writers,
              new OnlineBenchmark(rounds, writers, folder, terminal::line).run());
      show(results, folder, terminal);
      return ExitCode.DONE;
    } catch (RuntimeException e) {
      spec.commandLine().getErr().println(Obstacle.of(e).orElseThrow(() -> e));
      return ExitCode.UNEXPECTED;
    }
  }

  private static void show(OnlineResults results, Path folder, Terminal terminal)
      throws IOException {
    TextTable table = results.table();
    String ratio = "10x / 1x: %.2f of the medians".formatted(results.ratio());
    Path file = folder.resolve("benchmark.json");
    ControlPlaneJson.mapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), results);
    Files.writeString(folder.resolve("benchmark.md"), table.markdown() + "\n" + ratio + "\n");
    terminal.line("");
    terminal.part(table.text(Screen.ofProcess()));
    terminal.line(ratio);
    terminal.line("Results: " + file);
  }
}
