package com.matih.tenantmigration.devstack.outage;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.devstack.outage.Cell.Act;
import com.matih.tenantmigration.devstack.outage.Cell.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores that go away in the middle of migrations, for a while and for good: each tenant is ACTIVE
 * and writing within a minute, and nothing that it wrote is lost.
 *
 * <p>Here a few cells with outages of seconds. {@code -Doutage=900} runs the whole matrix, each
 * store gone at each stage for so many seconds and silent for good, {@code -Doutage.swap=true} the
 * other way round, and writes the table to {@code target/outage.txt}; {@code -Doutage.only=REGEX}
 * takes the cells whose line matches.
 */
class OutageIT {

  private static final Logger log = LoggerFactory.getLogger(OutageIT.class);
  private static final Integer SECONDS = Integer.getInteger("outage");
  private static final boolean SWAP = Boolean.getBoolean("outage.swap");
  private static final String ONLY = System.getProperty("outage.only", "");

  /** How many migrations are on their way to their stages at the same time. */
  private static final int AT_ONCE = Integer.getInteger("outage.atOnce", 8);

  private static final Duration SHORT = Duration.ofSeconds(8);

  @TempDir private static Path directory;

  @Test
  void everyTenantWritesAgainSoon() throws Exception {
    List<Cell> cells =
        (SECONDS == null ? aFew() : all(Duration.ofSeconds(SECONDS)))
            .stream()
                .filter(cell -> ONLY.isEmpty() || cell.toString().matches(".*(" + ONLY + ").*"))
                .toList();
    try (OutageStack stack = new OutageStack(directory.resolve("snapshots"), doors(cells))) {
      List<Verdict> verdicts = new OutageRun(stack, cells, AT_ONCE).run();

      publish(verdicts);
      assertThat(verdicts).allSatisfy(v -> assertThat(v.problems()).as(v.line()).isEmpty());
    }
  }

  private static int doors(List<Cell> cells) {
    return (int)
        Math.max(
            cells.stream().filter(cell -> cell.store() == Store.SHARED_KAFKA).count(),
            cells.stream().filter(cell -> cell.store() == Store.DEDICATED_KAFKA).count());
  }

  private static void publish(List<Verdict> verdicts) throws IOException {
    String table =
        verdicts.stream()
            .map(Verdict::line)
            .collect(Collectors.joining("\n", Verdict.HEADING + "\n", "\n"));
    log.info("\n{}", table);
    Files.writeString(Path.of("target", "outage.txt"), table);
  }

  private static List<Cell> aFew() {
    return List.of(
        new Cell(Store.SHARED_POSTGRES, Stage.COPY, Fault.GONE, SHORT, Act.CANCEL),
        new Cell(Store.SHARED_POSTGRES, Stage.ROLLING_BACK, Fault.SILENT, SHORT, Act.NONE),
        new Cell(Store.DEDICATED_POSTGRES, Stage.FINAL_STEP, Fault.GONE, SHORT, Act.NONE),
        new Cell(Store.SHARED_S3, Stage.PREFLIGHT, Fault.GONE, null, Act.NONE),
        new Cell(Store.DEDICATED_KAFKA, Stage.COPY, Fault.GONE, SHORT, Act.CANCEL),
        new Cell(Store.DEDICATED_ELASTICSEARCH, Stage.FENCE, Fault.SILENT, SHORT, Act.CANCEL),
        new Cell(Store.DEDICATED_REDIS, Stage.WARM, Fault.GONE, SHORT, Act.NONE));
  }

  private static List<Cell> all(Duration length) {
    List<Cell> cells = new ArrayList<>();
    for (Stage stage : Stage.values()) {
      for (Store store : Store.values()) {
        cells.add(new Cell(store, stage, SWAP ? Fault.SILENT : Fault.GONE, length, Act.NONE));
        cells.add(new Cell(store, stage, SWAP ? Fault.GONE : Fault.SILENT, null, Act.NONE));
      }
    }
    return cells;
  }
}
