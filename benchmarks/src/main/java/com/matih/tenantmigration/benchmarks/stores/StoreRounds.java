package com.matih.tenantmigration.benchmarks.stores;

import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.benchmarks.measure.Measurement;
import com.matih.tenantmigration.benchmarks.measure.Meter;
import com.matih.tenantmigration.benchmarks.measure.ResultTables;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Lets the contenders copy in turn, each into an empty server, and counts what arrived. Each round
 * begins with another of them.
 */
final class StoreRounds {

  private final StoreBench bench;
  private final Meter meter;
  private final Consumer<String> news;
  private int targets;

  /**
   * @param news is told each measurement in a line
   */
  StoreRounds(StoreBench bench, Meter meter, Consumer<String> news) {
    this.bench = bench;
    this.meter = meter;
    this.news = news;
  }

  /**
   * Runs them.
   *
   * @throws BenchmarkException if one does not bring all that the tenant has
   */
  List<Measurement> run(int rounds) throws SQLException, IOException, InterruptedException {
    List<Measurement> measurements = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      List<StoreBench.Contender> order = new ArrayList<>(bench.contenders());
      Collections.rotate(order, 1 - round);
      for (StoreBench.Contender contender : order) {
        measurements.addAll(run(contender, round));
      }
    }
    return measurements;
  }

  private List<Measurement> run(StoreBench.Contender contender, int round)
      throws SQLException, IOException, InterruptedException {
    String target = "target-" + ++targets;
    List<Measurement> measurements = new ArrayList<>();
    for (StoreBench.Step step : contender.steps(target)) {
      Measurement measurement =
          meter.measure(step.name(), round, step.inThisProcess(), step.work());
      news.accept(
          "  round %d  %-22s %8s s"
              .formatted(round, step.name(), ResultTables.seconds(measurement.wallSeconds())));
      measurements.add(measurement);
    }
    long arrived = bench.arrived(target);
    if (arrived != bench.amount()) {
      throw new BenchmarkException(
          "%s brought %,d %s; the tenant has %,d. Its times say nothing."
              .formatted(contender.name(), arrived, bench.unit(), bench.amount()));
    }
    bench.clear();
    return measurements.stream().map(measurement -> measurement.withRows(arrived)).toList();
  }
}
