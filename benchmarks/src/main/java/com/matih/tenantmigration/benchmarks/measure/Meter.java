package com.matih.tenantmigration.benchmarks.measure;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** Measures steps on two servers. */
public final class Meter {

  private final long sharedServer;
  private final long dedicatedServer;

  /**
   * @param sharedServer the process that the server's others are children of
   * @param dedicatedServer likewise
   */
  public Meter(long sharedServer, long dedicatedServer) {
    this.sharedServer = sharedServer;
    this.dedicatedServer = dedicatedServer;
  }

  /** What is measured. */
  @FunctionalInterface
  public interface Work {
    void run() throws SQLException, IOException, InterruptedException;
  }

  /**
   * Does the work and answers what it cost; its rows are not counted yet.
   *
   * @param inThisProcess whether this JVM's memory says anything about the work
   */
  public Measurement measure(String contender, int round, boolean inThisProcess, Work work)
      throws SQLException, IOException, InterruptedException {
    PeakMemory.reset();
    Optional<ProcessorSeconds> before = processorSeconds();
    long begin = System.nanoTime();
    work.run();
    double wallSeconds = (System.nanoTime() - begin) / 1e9;
    Optional<ProcessorSeconds> after = processorSeconds();
    return new Measurement(
        contender,
        round,
        wallSeconds,
        after.map(now -> now.since(before.orElseThrow())).orElse(null),
        inThisProcess ? PeakMemory.bytes().orElse(null) : null,
        0);
  }

  private Optional<ProcessorSeconds> processorSeconds() {
    return ProcessorTime.isKnown()
        ? Optional.of(
            new ProcessorSeconds(
                ProcessorTime.ofThisProcess(),
                ProcessorTime.ofServer(sharedServer),
                ProcessorTime.ofServer(dedicatedServer)))
        : Optional.empty();
  }
}
