package com.matih.tenantmigration.devstack.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something goes wrong right before or right after what lasts, at points that a seed chooses, while
 * a neighbour writes: each tenant arrives whole or is back, each thing is there once, and nobody
 * else notices.
 *
 * <p>Here the cases that find what {@code bin/check-broken-builds} breaks; {@code
 * -Dfaults.cases=100 -Dfaults.seed=7} takes others, and {@code -Dfaults.only="WAY MODE FORM POINT
 * FAULT STORE"} the one that a line of the table names. The table goes to {@code
 * target/fault-points.txt}, the workers' logs to {@code target/fault-points}.
 */
@Order(1) // it takes long
class FaultPointsIT {

  private static final Logger log = LoggerFactory.getLogger(FaultPointsIT.class);
  private static final Path BROKEN = Path.of("src", "test", "broken");
  private static final String CASE = "Case: ";
  private static final int CASES = Integer.getInteger("faults.cases", 0);
  private static final long SEED = Long.getLong("faults.seed", 1);
  private static final int AT_ONCE = Integer.getInteger("faults.atOnce", 3);
  private static final int WORKERS = 2;
  private static final Path TABLE = Path.of("target", "fault-points.txt");

  private static final String ONLY = System.getProperty("faults.only", "");
  private static final Path LOGS = Path.of("target", "fault-points");

  @TempDir private Path folder;

  @Test
  void everyTenantArrivesOrIsBackWhateverGoesWrongAtAPoint() throws Exception {
    Files.writeString(TABLE, FaultVerdict.HEADING + "\n");
    Path gates = Files.createDirectory(folder.resolve("points"));
    try (OutageStack stack = OutageStack.withoutWorker(folder.resolve("snapshots"), AT_ONCE + 1);
        WorkerProcesses workers =
            new WorkerProcesses(stack, gates, Files.createDirectories(LOGS))) {
      for (int n = 0; n < WORKERS; n++) {
        workers.start();
      }
      FaultMatrix matrix = new FaultMatrix(stack, workers, new ArmedPoints(gates));
      OutageSample.addDatabase(stack, FaultMatrix.DATABASE);
      List<FaultCase> cases = cases(matrix);
      try (Neighbour neighbour =
          new Neighbour(stack, List.of(FaultMatrix.DATABASE), matrix::serversAreUp)) {
        List<FaultVerdict> verdicts =
            matrix.run(cases, AT_ONCE, verdict -> publish(verdict.line()));
        List<String> ofNeighbour = neighbour.judge();
        publish(neighbour.summary());

        assertThat(verdicts).allSatisfy(v -> assertThat(v.problems()).as(v.line()).isEmpty());
        assertThat(ofNeighbour).isEmpty();
      }
    }
  }

  private static List<FaultCase> cases(FaultMatrix matrix) throws Exception {
    if (!ONLY.isEmpty()) {
      return List.of(FaultCase.parse(ONLY));
    }
    return CASES == 0
        ? ofBrokenBuilds()
        : new FaultChoice(SEED, faults(matrix.stack()))
            .choose(CASES, matrix.learn(verdict -> publish(verdict.line())));
  }

  /** Each change that breaks the software names the case that finds it. */
  private static List<FaultCase> ofBrokenBuilds() throws IOException {
    List<FaultCase> cases = new ArrayList<>();
    try (DirectoryStream<Path> changes = Files.newDirectoryStream(BROKEN, "*.patch")) {
      for (Path change : changes) {
        cases.addAll(
            Files.readAllLines(change).stream()
                .filter(line -> line.startsWith(CASE))
                .map(line -> FaultCase.parse(line.substring(CASE.length())))
                .toList());
      }
    }
    assertThat(cases).isNotEmpty();
    return cases;
  }

  private static Set<Fault> faults(OutageStack stack) {
    Set<Fault> faults = EnumSet.allOf(Fault.class);
    if (stack.isTemporalInMemory()) {
      faults.remove(Fault.TEMPORAL_RESTART);
    }
    return faults;
  }

  private static synchronized void publish(String line) {
    log.info("{}", line);
    try {
      Files.writeString(TABLE, line + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
