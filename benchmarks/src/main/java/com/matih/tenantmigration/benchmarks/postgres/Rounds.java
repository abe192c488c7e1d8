package com.matih.tenantmigration.benchmarks.postgres;

import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.benchmarks.measure.Measurement;
import com.matih.tenantmigration.benchmarks.measure.Meter;
import com.matih.tenantmigration.benchmarks.measure.ResultTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Lets the contenders copy in turn, each into a new database, and counts what arrived. Each round
 * begins with another of them.
 */
final class Rounds {

  private static final String TARGET = "tenant";

  private final BenchmarkServers servers;
  private final Map<String, Long> expectedRows;
  private final Consumer<String> news;

  /**
   * @param news is told each measurement in a line
   */
  Rounds(BenchmarkServers servers, TenantSize expected, Consumer<String> news) {
    this.servers = servers;
    this.expectedRows = expected.rows();
    this.news = news;
  }

  /**
   * Runs them.
   *
   * @throws BenchmarkException if one does not bring the tenant's rows, or cannot be run
   */
  List<Measurement> run(List<Contender> contenders, int rounds)
      throws SQLException, IOException, InterruptedException {
    Meter meter = servers.meter();
    List<Measurement> measurements = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      List<Contender> order = new ArrayList<>(contenders);
      Collections.rotate(order, 1 - round);
      for (Contender contender : order) {
        measurements.addAll(run(contender, round, meter));
      }
    }
    return measurements;
  }

  private List<Measurement> run(Contender contender, int round, Meter meter)
      throws SQLException, IOException, InterruptedException {
    Database target = servers.dedicated(TARGET);
    Database maintenance = servers.dedicated("postgres");
    maintenance.execute("CREATE DATABASE " + TARGET);
    Path scratch = Files.createDirectory(servers.scratch().resolve("copy"));
    try {
      List<Contender.Step> steps = contender.steps(target, scratch);
      servers.settle();
      List<Measurement> measurements = new ArrayList<>();
      for (Contender.Step step : steps) {
        Measurement measurement =
            meter.measure(step.name(), round, step.inThisProcess(), step.work());
        news.accept(
            "  round %d  %-20s %8s s"
                .formatted(round, step.name(), ResultTables.seconds(measurement.wallSeconds())));
        measurements.add(measurement);
      }
      long rows = requireAllRows(contender, target);
      return measurements.stream().map(measurement -> measurement.withRows(rows)).toList();
    } finally {
      maintenance.execute("DROP DATABASE %s WITH (FORCE)".formatted(TARGET));
      delete(scratch);
    }
  }

  private long requireAllRows(Contender contender, Database target) throws SQLException {
    long rows = 0;
    for (Map.Entry<String, Long> table : expectedRows.entrySet()) {
      long arrived =
          target.queryNumber(
              "SELECT count(*) FROM %s.%s".formatted(contender.targetSchema(), table.getKey()));
      if (arrived != table.getValue()) {
        throw new BenchmarkException(
            "%s brought %d rows of %s; the tenant has %d. Its times say nothing."
                .formatted(contender.name(), arrived, table.getKey(), table.getValue()));
      }
      rows += arrived;
    }
    return rows;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
