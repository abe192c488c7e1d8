package com.matih.tenantmigration.benchmarks;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.benchmarks.measure.ResultTables;
import com.matih.tenantmigration.benchmarks.postgres.BenchmarkSettings;
import com.matih.tenantmigration.benchmarks.postgres.PostgresBenchmark;
import com.matih.tenantmigration.benchmarks.postgres.PostgresResults;
import com.matih.tenantmigration.controlplane.ControlPlaneJson;
import com.matih.tenantmigration.embedded.process.ServerStartException;
import com.matih.tenantmigration.embedded.tools.MissingToolException;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.ResultFolder;
import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code benchmark}: times our engines and the usual programs for the same work, in turn. */
@Command(
    name = "benchmark",
    description = {
      "Times copying a tenant with this program and with the usual programs for it, in turn, on"
          + " servers that it starts and stops itself.",
      "Prints tables and writes DIR/benchmark.json, and the tables to DIR/benchmark.md."
    },
    mixinStandardHelpOptions = true)
public final class BenchmarkCommand implements Callable<Integer> {

  private static final String POSTGRES = "postgres";

  @Parameters(
      arity = "0..*",
      paramLabel = "STORE",
      description = "What is copied: postgres (default).")
  private List<String> stores = List.of();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Folder for the results and the logs (default: a new folder in target/benchmark).")
  private @Nullable Path directory;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "The tenant's rows in all tables together (default: ${DEFAULT-VALUE}).")
  private long rows;

  @Option(
      names = "--tenants",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many tenants of that size share the database (default: ${DEFAULT-VALUE}).")
  private int tenants;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often each is timed (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--isolation",
      paramLabel = "FORM",
      defaultValue = "ROWS",
      description = "How the shared database separates tenants: rows or schema.")
  private Isolation isolation = Isolation.ROWS;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Consumer<Path> logging;

  /**
   * @param logging sends this process' log into a file
   */
  public BenchmarkCommand(Consumer<Path> logging) {
    this.logging = logging;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireUsable();
    PrintWriter errors = spec.commandLine().getErr();
    try {
      return run();
    } catch (BenchmarkException | MissingToolException | ServerStartException e) {
      errors.println(e.getMessage());
    } catch (SQLException e) {
      // the servers are the benchmark's own, and so is all that they could tell
      errors.println("A server of the benchmark refused a statement: " + e.getMessage());
    }
    return ExitCode.UNEXPECTED;
  }

  private int run() throws SQLException, IOException, InterruptedException {
    Path folder = ResultFolder.choose(directory, spec.name());
    say("Results and logs go to " + folder);
    logging.accept(folder.resolve("logs").resolve("benchmark.log"));
    PostgresResults results =
        new PostgresBenchmark(
                new BenchmarkSettings(rows, tenants, rounds, isolation), folder, this::say)
            .run();
    Path file = folder.resolve("benchmark.json");
    ControlPlaneJson.mapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), results);
    TextTable medians = ResultTables.medians(results.medians(), results.absent());
    TextTable ratios = ResultTables.ratios(results.ratios());
    Files.writeString(
        folder.resolve("benchmark.md"), medians.markdown() + "\n" + ratios.markdown());
    show(medians);
    show(ratios);
    say("");
    say("Results: " + file);
    return ExitCode.DONE;
  }

  private void show(TextTable table) {
    say("");
    spec.commandLine().getOut().print(table.text(Screen.ofProcess()));
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }

  private void requireUsable() {
    for (String store : stores) {
      if (!store.equals(POSTGRES)) {
        throw wrong(
            "There is no benchmark of %s. These stores can be benchmarked: %s."
                .formatted(store, POSTGRES));
      }
    }
    if (rows < PostgresBenchmark.LEAST_ROWS) {
      throw wrong("--rows must be at least %d.".formatted(PostgresBenchmark.LEAST_ROWS));
    }
    if (tenants < 1 || rounds < 1) {
      throw wrong("--tenants and --rounds must be at least 1.");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
