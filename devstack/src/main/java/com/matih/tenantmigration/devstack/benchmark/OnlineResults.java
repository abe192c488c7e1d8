package com.matih.tenantmigration.devstack.benchmark;

import com.matih.tenantmigration.benchmarks.measure.Machine;
import com.matih.tenantmigration.starter.layout.TextTable;
import java.util.List;
import java.util.Locale;

/**
 * How long a tenant was read-only, as it is written to {@code benchmark.json}.
 *
 * @param writers how many threads wrote for the tenant, and as many for its neighbour
 * @param runs in the order in which they were made
 * @param ratio of the larger tenant's median to the smaller one's
 */
public record OnlineResults(
    Machine machine, int writers, List<Run> runs, List<Size> sizes, double ratio) {

  /**
   * One migration.
   *
   * @param size which of the two tenants was moved
   * @param rows how many were moved
   * @param writesPerSecond of the tenant, acknowledged by its stores until the end
   */
  public record Run(String size, long rows, double readOnlySeconds, double writesPerSecond) {}

  /**
   * All migrations of a tenant of one size.
   *
   * @param rows how many were moved first
   * @param writesPerSecond the median
   */
  public record Size(
      String size,
      long rows,
      double medianSeconds,
      double shortestSeconds,
      double longestSeconds,
      double writesPerSecond) {

    private static Size of(String size, List<Run> all) {
      List<Run> own = all.stream().filter(run -> run.size().equals(size)).toList();
      double[] seconds = own.stream().mapToDouble(Run::readOnlySeconds).sorted().toArray();
      return new Size(
          size,
          own.get(0).rows(),
          median(seconds),
          seconds[0],
          seconds[seconds.length - 1],
          median(own.stream().mapToDouble(Run::writesPerSecond).sorted().toArray()));
    }

    private static double median(double[] sorted) {
      int middle = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
  }

  static OnlineResults of(Machine machine, int writers, List<Run> runs) {
    List<Size> sizes =
        runs.stream().map(Run::size).distinct().map(size -> Size.of(size, runs)).toList();
    return new OnlineResults(
        machine,
        writers,
        List.copyOf(runs),
        sizes,
        sizes.get(sizes.size() - 1).medianSeconds() / sizes.get(0).medianSeconds());
  }

  /** One line for each size. */
  TextTable table() {
    TextTable table =
        new TextTable("tenant", "rows", "read-only s", "shortest", "longest", "writes/s");
    for (Size size : sizes) {
      table.row(
          size.size(),
          size.rows(),
          tenths(size.medianSeconds()),
          tenths(size.shortestSeconds()),
          tenths(size.longestSeconds()),
          Math.round(size.writesPerSecond()));
    }
    return table;
  }

  static String tenths(double seconds) {
    return String.format(Locale.ROOT, "%.1f", seconds);
  }
}
