package com.matih.tenantmigration.benchmarks.stores;

import static java.util.stream.Collectors.toSet;

import com.matih.tenantmigration.benchmarks.measure.Machine;
import com.matih.tenantmigration.benchmarks.measure.Measurement;
import com.matih.tenantmigration.benchmarks.measure.ResultTables.Absence;
import com.matih.tenantmigration.benchmarks.measure.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that the benchmark of a store found, as it is written to {@code benchmark.json}.
 *
 * @param parameters what was asked for
 * @param rounds each measurement; {@code rows} is the number of objects, records and so on
 */
public record StoreResults(
    String store,
    String unit,
    Machine machine,
    Map<String, Object> parameters,
    List<Absence> absent,
    List<Measurement> rounds,
    List<Statistics.Median> medians,
    List<Statistics.Ratio> ratios) {

  static StoreResults of(
      String store, StoreBench bench, Machine machine, List<Measurement> rounds) {
    Statistics statistics = new Statistics(rounds);
    List<Statistics.Median> medians = statistics.medians();
    List<Statistics.Ratio> ratios = new ArrayList<>();
    Set<String> names = medians.stream().map(Statistics.Median::contender).collect(toSet());
    for (Statistics.Median other : medians) {
      String checks = StoreBench.checksOf(other.contender());
      if (other.contender().startsWith(StoreBench.OURS)) {
        continue;
      }
      if (names.stream().noneMatch(name -> StoreBench.checksOf(name).equals(other.contender()))) {
        ratios.add(statistics.ratio(StoreBench.OURS, other.contender()));
      }
      if (names.contains(checks)) {
        ratios.add(statistics.ratio(StoreBench.CHECKS, checks));
        ratios.add(
            statistics.ratio(
                List.of(StoreBench.OURS, StoreBench.CHECKS), List.of(other.contender(), checks)));
      }
    }
    ratios.add(statistics.ratio(StoreBench.CHECKS, StoreBench.OURS));
    return new StoreResults(
        store, bench.unit(), machine, bench.parameters(), bench.absent(), rounds, medians, ratios);
  }
}
