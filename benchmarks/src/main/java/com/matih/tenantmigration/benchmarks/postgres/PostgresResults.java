package com.matih.tenantmigration.benchmarks.postgres;

import com.matih.tenantmigration.benchmarks.measure.Machine;
import com.matih.tenantmigration.benchmarks.measure.Measurement;
import com.matih.tenantmigration.benchmarks.measure.ResultTables.Absence;
import com.matih.tenantmigration.benchmarks.measure.Statistics;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All that a benchmark found, as it is written to {@code benchmark.json}. */
public record PostgresResults(
    String store,
    Machine machine,
    Parameters parameters,
    List<Absence> absent,
    List<Measurement> rounds,
    List<Statistics.Median> medians,
    List<Statistics.Ratio> ratios) {

  /**
   * What was asked for.
   *
   * @param rows the tenant's in all tables together
   * @param tables how they are divided
   * @param parallelism our engines'
   * @param jobs of the programs that are told how many
   */
  public record Parameters(
      long rows,
      Map<String, Long> tables,
      int tenants,
      int rounds,
      Isolation isolation,
      int parallelism,
      int jobs) {}

  static PostgresResults of(
      Machine machine, SharedDatabase shared, List<Absence> absent, List<Measurement> rounds) {
    BenchmarkSettings settings = shared.settings();
    Statistics statistics = new Statistics(rounds);
    List<Statistics.Median> medians = statistics.medians();
    List<Statistics.Ratio> ratios = new ArrayList<>();
    for (Statistics.Median other : medians) {
      if (!other.contender().startsWith(OwnEngines.NAME)) {
        ratios.add(statistics.ratio(OwnEngines.NAME, other.contender()));
      }
    }
    ratios.add(statistics.ratio(OwnEngines.CHECKS, OwnEngines.NAME));
    return new PostgresResults(
        "postgres",
        machine,
        new Parameters(
            settings.rows(),
            shared.size().rows(),
            settings.tenants(),
            settings.rounds(),
            settings.isolation(),
            PostgresSpec.DEFAULT_PARALLELISM,
            PostgresBenchmark.JOBS),
        absent,
        rounds,
        medians,
        ratios);
  }
}
