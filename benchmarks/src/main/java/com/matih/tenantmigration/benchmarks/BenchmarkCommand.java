package com.matih.tenantmigration.benchmarks;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.matih.tenantmigration.benchmarks.elasticsearch.ElasticsearchBench;
import com.matih.tenantmigration.benchmarks.kafka.KafkaBench;
import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.benchmarks.measure.ResultTables;
import com.matih.tenantmigration.benchmarks.objects.ObjectsBench;
import com.matih.tenantmigration.benchmarks.postgres.BenchmarkSettings;
import com.matih.tenantmigration.benchmarks.postgres.PostgresBenchmark;
import com.matih.tenantmigration.benchmarks.postgres.PostgresResults;
import com.matih.tenantmigration.benchmarks.redis.RedisBench;
import com.matih.tenantmigration.benchmarks.stores.StoreBenchmark;
import com.matih.tenantmigration.benchmarks.stores.StoreResults;
import com.matih.tenantmigration.benchmarks.stores.StoreSizes;
import com.matih.tenantmigration.controlplane.ControlPlaneJson;
import com.matih.tenantmigration.embedded.ElasticsearchServer;
import com.matih.tenantmigration.embedded.KafkaServer;
import com.matih.tenantmigration.embedded.RedisServer;
import com.matih.tenantmigration.embedded.S3Server;
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
import java.util.ArrayList;
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

  private static final int SEARCH_HEAP_MEGABYTES = 512;

  private static final int LEAST_RECORDS = 100;
  private static final String POSTGRES = "postgres";

  private static final List<StoreBenchmark> OTHERS =
      List.of(
          new StoreBenchmark("objects", S3Server::start, ObjectsBench::new),
          new StoreBenchmark("kafka", KafkaServer::start, KafkaBench::new),
          new StoreBenchmark(
              "elasticsearch",
              (folder, name) -> ElasticsearchServer.start(folder, name, SEARCH_HEAP_MEGABYTES),
              ElasticsearchBench::new),
          new StoreBenchmark("redis", RedisServer::start, RedisBench::new));

  @Parameters(
      arity = "0..*",
      paramLabel = "STORE",
      description =
          "What is copied: postgres (default), objects, kafka, elasticsearch, redis; several one"
              + " after the other.")
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
      names = "--objects",
      paramLabel = "N",
      defaultValue = "1000",
      description = "The tenant's objects (default: ${DEFAULT-VALUE}).")
  private int objects;

  @Option(
      names = "--object-bytes",
      paramLabel = "N",
      defaultValue = "4096",
      description = "The size of each object (default: ${DEFAULT-VALUE}).")
  private int objectBytes;

  @Option(
      names = "--records",
      paramLabel = "N",
      defaultValue = "200000",
      description =
          "The records of all tenants; a tenth of them is the tenant's (default:"
              + " ${DEFAULT-VALUE}).")
  private int records;

  @Option(
      names = "--documents",
      paramLabel = "N",
      defaultValue = "20000",
      description = "The tenant's documents (default: ${DEFAULT-VALUE}).")
  private int documents;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "50000",
      description = "The keys that are warmed (default: ${DEFAULT-VALUE}).")
  private int keys;

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
    List<Object> results = new ArrayList<>();
    StringBuilder tables = new StringBuilder();
    for (String store : chosen()) {
      results.add(store.equals(POSTGRES) ? postgres(folder, tables) : other(store, folder, tables));
    }
    Path file = folder.resolve("benchmark.json");
    ControlPlaneJson.mapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), results.size() == 1 ? results.get(0) : results);
    Files.writeString(folder.resolve("benchmark.md"), tables);
    say("");
    say("Results: " + file);
    return ExitCode.DONE;
  }

  private List<String> chosen() {
    return stores.isEmpty() ? List.of(POSTGRES) : stores.stream().distinct().toList();
  }

  private PostgresResults postgres(Path folder, StringBuilder tables)
      throws SQLException, IOException, InterruptedException {
    PostgresResults results =
        new PostgresBenchmark(
                new BenchmarkSettings(rows, tenants, rounds, isolation), folder, this::say)
            .run();
    show(ResultTables.medians(results.medians(), results.absent(), "rows"), tables);
    show(ResultTables.ratios(results.ratios()), tables);
    return results;
  }

  private StoreResults other(String name, Path folder, StringBuilder tables)
      throws SQLException, IOException, InterruptedException {
    StoreBenchmark benchmark =
        OTHERS.stream().filter(other -> other.store().equals(name)).findFirst().orElseThrow();
    StoreResults results =
        benchmark.run(
            new StoreSizes(objects, objectBytes, records, documents, keys, rounds),
            folder,
            this::say);
    show(ResultTables.medians(results.medians(), results.absent(), results.unit()), tables);
    show(ResultTables.ratios(results.ratios()), tables);
    return results;
  }

  private void show(TextTable table, StringBuilder tables) {
    tables.append(tables.isEmpty() ? "" : "\n").append(table.markdown());
    show(table);
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
    List<String> known = new ArrayList<>(List.of(POSTGRES));
    OTHERS.forEach(other -> known.add(other.store()));
    for (String store : stores) {
      if (!known.contains(store)) {
        throw wrong(
            "There is no benchmark of %s. These stores can be benchmarked: %s."
                .formatted(store, String.join(", ", known)));
      }
    }
    if (rows < PostgresBenchmark.LEAST_ROWS) {
      throw wrong("--rows must be at least %d.".formatted(PostgresBenchmark.LEAST_ROWS));
    }
    if (tenants < 1 || rounds < 1) {
      throw wrong("--tenants and --rounds must be at least 1.");
    }
    if (objects < 1 || objectBytes < 1 || documents < 1 || keys < 1) {
      throw wrong("--objects, --object-bytes, --documents and --keys must be at least 1.");
    }
    if (records < LEAST_RECORDS) {
      throw wrong("--records must be at least %d.".formatted(LEAST_RECORDS));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
