package com.matih.tenantmigration.benchmarks.measure;

import org.jspecify.annotations.Nullable;

/**
 * What a step cost in one round.
 *
 * @param contender who did it, and for what comes after the copy what it was
 * @param round the first is 1
 * @param processorSeconds null where the system does not tell them
 * @param peakResidentBytes of this JVM, for steps that run in it; null for others and where the
 *     system does not tell it
 * @param rows how many rows were there when its contender was done
 */
public record Measurement(
    String contender,
    int round,
    double wallSeconds,
    @Nullable ProcessorSeconds processorSeconds,
    @Nullable Long peakResidentBytes,
    long rows) {

  /** This step and another one of the same round, one after the other. */
  Measurement plus(Measurement next) {
    return new Measurement(
        contender,
        round,
        wallSeconds + next.wallSeconds,
        processorSeconds == null || next.processorSeconds == null
            ? null
            : processorSeconds.plus(next.processorSeconds),
        null,
        next.rows);
  }

  Measurement named(String name) {
    return new Measurement(name, round, wallSeconds, processorSeconds, peakResidentBytes, rows);
  }

  /** The same with the rows that arrived. */
  public Measurement withRows(long arrived) {
    return new Measurement(
        contender, round, wallSeconds, processorSeconds, peakResidentBytes, arrived);
  }
}
