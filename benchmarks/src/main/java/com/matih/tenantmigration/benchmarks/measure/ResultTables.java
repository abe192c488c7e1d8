package com.matih.tenantmigration.benchmarks.measure;

import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.workflow.report.Units;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The results as tables. */
public final class ResultTables {

  private static final String UNKNOWN = "";

  private ResultTables() {}

  /**
   * The medians.
   *
   * @param absent contenders that did not take part, with the reason
   * @param unit what was copied, such as {@code rows}
   */
  public static TextTable medians(
      List<Statistics.Median> medians, List<Absence> absent, String unit) {
    TextTable table =
        new TextTable(
            "contender",
            "wall s",
            "processor s",
            "client",
            "shared server",
            "dedicated server",
            "peak memory",
            unit);
    for (Statistics.Median median : medians) {
      Optional<ProcessorSeconds> processor = Optional.ofNullable(median.processorSeconds());
      table.row(
          median.contender(),
          seconds(median.wallSeconds()),
          processor.map(ProcessorSeconds::total).map(ResultTables::seconds).orElse(UNKNOWN),
          processor.map(ProcessorSeconds::client).map(ResultTables::seconds).orElse(UNKNOWN),
          processor.map(ProcessorSeconds::sharedServer).map(ResultTables::seconds).orElse(UNKNOWN),
          processor
              .map(ProcessorSeconds::dedicatedServer)
              .map(ResultTables::seconds)
              .orElse(UNKNOWN),
          Optional.ofNullable(median.peakResidentBytes()).map(Units::bytes).orElse(UNKNOWN),
          median.rows());
    }
    for (Absence one : absent) {
      table.row(
          "%s (%s)".formatted(one.contender(), one.reason()),
          UNKNOWN,
          UNKNOWN,
          UNKNOWN,
          UNKNOWN,
          UNKNOWN,
          UNKNOWN,
          UNKNOWN);
    }
    return table;
  }

  /** Who did not take part. */
  public record Absence(String contender, String reason) {}

  /** The ratios, each with the lowest and the highest of a round. */
  public static TextTable ratios(List<Statistics.Ratio> ratios) {
    TextTable table = new TextTable("ratio", "wall", "processor", "shared server's processor");
    for (Statistics.Ratio ratio : ratios) {
      table.row(
          ratio.of() + " / " + ratio.to(),
          spread(ratio.wall()),
          spread(ratio.processor()),
          spread(ratio.sharedServer()));
    }
    return table;
  }

  /** {@code 1.23}. */
  public static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.2f", seconds);
  }

  private static String spread(Statistics.@Nullable Spread spread) {
    return spread == null
        ? UNKNOWN
        : String.format(
            Locale.ROOT,
            "%.2f (%.2f to %.2f)",
            spread.ofMedians(),
            spread.lowest(),
            spread.highest());
  }
}
