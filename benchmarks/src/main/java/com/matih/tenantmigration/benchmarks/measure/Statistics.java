package com.matih.tenantmigration.benchmarks.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Medians of rounds, and ratios of them. */
public final class Statistics {

  private final List<Measurement> rounds;

  public Statistics(List<Measurement> rounds) {
    this.rounds = List.copyOf(rounds);
  }

  /**
   * The median of each figure by itself.
   *
   * @param peakResidentBytes the highest of all rounds
   */
  public record Median(
      String contender,
      double wallSeconds,
      @Nullable ProcessorSeconds processorSeconds,
      @Nullable Long peakResidentBytes,
      long rows) {}

  /**
   * How one contender compares with another.
   *
   * @param processor of clients and servers together; null where the system does not tell it
   * @param sharedServer of the shared server's processor seconds; null likewise, and where they are
   *     too few to be told
   */
  public record Ratio(
      String of,
      String to,
      @Nullable Spread wall,
      @Nullable Spread processor,
      @Nullable Spread sharedServer) {}

  /** A ratio of medians, with the lowest and highest of those of each round. */
  public record Spread(double ofMedians, double lowest, double highest) {}

  /** One a contender, in the order of the first round. */
  public List<Median> medians() {
    Set<String> contenders = new LinkedHashSet<>();
    rounds.forEach(round -> contenders.add(round.contender()));
    return contenders.stream().map(this::median).toList();
  }

  private Median median(String contender) {
    List<Measurement> own = of(contender);
    boolean known = own.stream().allMatch(round -> round.processorSeconds() != null);
    return new Median(
        contender,
        median(own, Measurement::wallSeconds),
        known
            ? new ProcessorSeconds(
                median(own, processor(ProcessorSeconds::client)),
                median(own, processor(ProcessorSeconds::sharedServer)),
                median(own, processor(ProcessorSeconds::dedicatedServer)),
                median(own, processor(ProcessorSeconds::total)))
            : null,
        own.stream()
            .map(Measurement::peakResidentBytes)
            .filter(Objects::nonNull)
            .max(Long::compare)
            .orElse(null),
        own.get(0).rows());
  }

  /** The ratio of a contender's figures to another's, which both were in every round. */
  public Ratio ratio(String of, String to) {
    boolean known = rounds.stream().allMatch(round -> round.processorSeconds() != null);
    return new Ratio(
        of,
        to,
        spread(of, to, Measurement::wallSeconds),
        known ? spread(of, to, processor(ProcessorSeconds::total)) : null,
        known ? spread(of, to, processor(ProcessorSeconds::sharedServer)) : null);
  }

  /** The same of several steps that follow one another, taken together in each round. */
  public Ratio ratio(List<String> of, List<String> to) {
    return new Statistics(Stream.concat(together(of).stream(), together(to).stream()).toList())
        .ratio(String.join(" and ", of), String.join(" and ", to));
  }

  private List<Measurement> together(List<String> steps) {
    String name = String.join(" and ", steps);
    List<Measurement> sums = new ArrayList<>();
    for (Measurement first : of(steps.get(0))) {
      sums.add(
          rounds.stream()
              .filter(one -> one.round() == first.round() && steps.contains(one.contender()))
              .reduce(Measurement::plus)
              .orElseThrow()
              .named(name));
    }
    return sums;
  }

  private static ToDoubleFunction<Measurement> processor(Function<ProcessorSeconds, Double> part) {
    return round -> Optional.ofNullable(round.processorSeconds()).map(part).orElseThrow();
  }

  private @Nullable Spread spread(String of, String to, ToDoubleFunction<Measurement> figure) {
    List<Measurement> above = of(of);
    List<Measurement> below = of(to);
    if (below.stream().mapToDouble(figure).anyMatch(value -> value == 0)) {
      return null;
    }
    double lowest = Double.POSITIVE_INFINITY;
    double highest = 0;
    for (int round = 0; round < above.size(); round++) {
      double ratio =
          figure.applyAsDouble(above.get(round)) / figure.applyAsDouble(below.get(round));
      lowest = Math.min(lowest, ratio);
      highest = Math.max(highest, ratio);
    }
    return new Spread(median(above, figure) / median(below, figure), lowest, highest);
  }

  private List<Measurement> of(String contender) {
    return rounds.stream().filter(round -> round.contender().equals(contender)).toList();
  }

  private static double median(List<Measurement> of, ToDoubleFunction<Measurement> figure) {
    double[] sorted = of.stream().mapToDouble(figure).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
