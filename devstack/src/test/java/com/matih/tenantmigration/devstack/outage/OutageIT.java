package com.matih.tenantmigration.devstack.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.devstack.outage.Cell.Act;
import com.matih.tenantmigration.devstack.outage.Cell.Fault;
import com.matih.tenantmigration.embedded.testing.NeedsTemporalServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores that go away in the middle of migrations, for a while and for good: each tenant is ACTIVE
 * and writing within a minute, and nothing that it wrote is lost.
 *
 * <p>Here a few cells with outages of seconds. {@code -Doutage=900} runs the whole matrix: each
 * store, at each stage, gone for so many seconds, gone for good, and silent for good, left alone
 * and with a cancel. The table goes to {@code target/outage.txt}; {@code -Doutage.only=REGEX} takes
 * the cells whose line matches.
 *
 * <p>Connections that are cut where a seed says are tried with a few tenants; {@code
 * -Dcuts.tenants=100 -Dcuts.seed=7} takes more and other ones.
 */
@Order(1) // it takes long
class OutageIT {

  private static final Logger log = LoggerFactory.getLogger(OutageIT.class);
  private static final Integer SECONDS = Integer.getInteger("outage");
  private static final String ONLY = System.getProperty("outage.only", "");
  private static final int CUT_TENANTS = Integer.getInteger("cuts.tenants", 4);
  private static final long CUT_SEED = Long.getLong("cuts.seed", 1);

  /** How many migrations are on their way to their stages at the same time. */
  private static final int AT_ONCE = Integer.getInteger("outage.atOnce", 8);

  private static final Path TABLE = Path.of("target", "outage.txt");
  private static final Duration SHORT = Duration.ofSeconds(8);

  @TempDir private static Path directory;

  private static List<Cell> cells;
  private static OutageStack stack;

  @BeforeAll
  static void start() throws IOException {
    Files.writeString(TABLE, Verdict.HEADING + "\n");
    cells =
        (SECONDS == null ? aFew() : all(Duration.ofSeconds(SECONDS)))
            .stream()
                .filter(cell -> ONLY.isEmpty() || cell.toString().matches(".*(" + ONLY + ").*"))
                .toList();
    stack =
        new OutageStack(
            directory.resolve("snapshots"),
            CUT_TENANTS + Math.max(count(Store.SHARED_KAFKA), count(Store.DEDICATED_KAFKA)));
  }

  private static int count(Store store) {
    return (int)
        Stream.concat(
                cells.stream().map(Cell::store), aFewSilences().stream().map(SilentStep::store))
            .filter(away -> away == store)
            .count();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void everyTenantWritesAgainSoon() throws Exception {
    List<Verdict> verdicts =
        new OutageRun(stack, cells, AT_ONCE).run(verdict -> publish(verdict.line()));

    assertThat(verdicts).allSatisfy(v -> assertThat(v.problems()).as(v.line()).isEmpty());
  }

  @Test
  void everyTenantArrivesWholeWhateverConnectionsAreCut() {
    assertThat(new CutRun(stack, CUT_SEED).run(CUT_TENANTS, OutageIT::publish)).isEmpty();
  }

  @Test
  void everyTenantWritesSoonAfterTheReturnOfTheControlPlane() throws Exception {
    List<Stage> stages =
        SECONDS == null
            ? List.of(
                Stage.FENCE,
                Stage.COPY,
                Stage.CATCH_UP,
                Stage.DRAIN,
                Stage.FINAL_STEP,
                Stage.ROLLING_BACK)
            : EnumSet.complementOf(EnumSet.of(Stage.AWAITING_APPROVAL)).stream().toList();
    Duration length = SECONDS == null ? SHORT : Duration.ofSeconds(SECONDS);

    List<ControlPlaneRun.Verdict> verdicts = new ControlPlaneRun(stack, stages).run(length);

    verdicts.forEach(verdict -> publish("control plane gone for " + length + ": " + verdict));
    assertThat(verdicts)
        .allSatisfy(
            verdict -> {
              assertThat(verdict.outcome().orElseThrow())
                  .isIn("COMPLETED", "ROLLED_BACK", "REFUSED");
              assertThat(verdict.lost()).isEmpty();
            });
    assertThat(verdicts)
        .filteredOn(verdict -> !verdict.outcome().equals(Optional.of("COMPLETED")))
        .allSatisfy(verdict -> assertThat(verdict.writing()).isLessThan(Judge.PROMISE));
  }

  /** {@link SilenceIT} has all of them. */
  @Test
  void aCancelTakesEffectInASilence() throws Exception {
    judge(aFewSilences());
  }

  /** The in-memory server never ends an activity that is cancelled before it has begun to work. */
  @NeedsTemporalServer
  @Test
  void aCancelTakesEffectWhileTheControlPlaneIsSilent() throws Exception {
    judge(
        List.of(
            new SilentStep(null, Stage.SNAPSHOT, Act.CANCEL),
            new SilentStep(null, Stage.CUTOVER, Act.CANCEL)));
  }

  private static void judge(List<SilentStep> steps) throws InterruptedException {
    List<SilenceVerdict> verdicts =
        new SilenceRun(stack, steps, SilenceIT.PROMISE, false, AT_ONCE)
            .run(verdict -> publish("silent: " + verdict.line()));

    assertThat(verdicts).allSatisfy(v -> assertThat(v.problems()).as(v.line()).isEmpty());
  }

  /** Each reader holds a table until its tenant writes, which is what removes the fence whole. */
  @ParameterizedTest
  @EnumSource
  void aTenantWritesSoonAfterACancelWhoeverReadsItsTables(Reader reader) throws Exception {
    OutageTenant tenant = stack.tenant("read_by_" + reader.name().toLowerCase(Locale.ROOT));
    OutageSample.add(stack, List.of(tenant));
    StageGate.Gate gate = stack.gate().at(tenant.id(), Stage.COPY);
    try (TenantServices services = new TenantServices(stack, List.of(tenant))) {
      var started = stack.migrations().start(tenant.request(false));
      gate.arrived().get(3, TimeUnit.MINUTES);

      try (Connection reading = reader.read(tenant, started.migrationId())) {
        var unused = stack.migrations().cancel(tenant.id(), "enough", "dana");
        Instant cancelled = Instant.now();
        await()
            .atMost(Judge.PROMISE)
            .until(() -> services.of(tenant).firstWrite(cancelled).isPresent());
        publish(
            "%s: writing %s after the cancel"
                .formatted(
                    reader,
                    Duration.between(
                        cancelled, services.of(tenant).firstWrite(cancelled).orElseThrow().at())));
        assertThat(services.of(tenant).state()).isEqualTo("ACTIVE");
        assertThat(reading).as("a reader that nothing but the migration ended").isNotNull();
      }

      await().atMost(Duration.ofMinutes(3)).until(() -> services.of(tenant).outcome().isPresent());
      assertThat(services.of(tenant).outcome()).hasValue("ROLLED_BACK");
      assertThat(services.lost(tenant)).isEmpty();
    }
  }

  private static synchronized void publish(String line) {
    log.info("{}", line);
    try {
      Files.writeString(TABLE, line + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Cell> aFew() {
    return List.of(
        new Cell(Store.SHARED_POSTGRES, Stage.COPY, Fault.GONE, SHORT, Act.CANCEL),
        new Cell(Store.SHARED_POSTGRES, Stage.ROLLING_BACK, Fault.SILENT, SHORT, Act.NONE),
        new Cell(Store.DEDICATED_POSTGRES, Stage.FINAL_STEP, Fault.GONE, SHORT, Act.NONE),
        new Cell(Store.SHARED_S3, Stage.PREFLIGHT, Fault.GONE, null, Act.NONE),
        new Cell(Store.DEDICATED_KAFKA, Stage.COPY, Fault.GONE, SHORT, Act.CANCEL),
        new Cell(Store.DEDICATED_ELASTICSEARCH, Stage.FENCE, Fault.SILENT, SHORT, Act.CANCEL),
        new Cell(Store.DEDICATED_REDIS, Stage.WARM, Fault.GONE, SHORT, Act.NONE),
        new Cell(Store.SHARED_POSTGRES, Stage.CAPTURE, Fault.GONE, SHORT, Act.CANCEL),
        new Cell(Store.SHARED_POSTGRES, Stage.CATCH_UP, Fault.GONE, SHORT, Act.NONE),
        new Cell(Store.SHARED_S3, Stage.CATCH_UP, Fault.SILENT, SHORT, Act.CANCEL),
        new Cell(Store.DEDICATED_KAFKA, Stage.DRAIN, Fault.GONE, SHORT, Act.NONE),
        new Cell(Store.SHARED_ELASTICSEARCH, Stage.DRAIN, Fault.GONE, SHORT, Act.NONE),
        new Cell(Store.DEDICATED_POSTGRES, Stage.DRAIN, Fault.SILENT, SHORT, Act.NONE));
  }

  private static List<SilentStep> aFewSilences() {
    return List.of(
        new SilentStep(Store.SHARED_POSTGRES, Stage.PREFLIGHT, Act.CANCEL),
        new SilentStep(Store.DEDICATED_KAFKA, Stage.PROVISION, Act.CANCEL),
        new SilentStep(Store.SHARED_S3, Stage.SNAPSHOT, Act.CANCEL),
        new SilentStep(Store.DEDICATED_REDIS, Stage.WARM, Act.CANCEL),
        new SilentStep(Store.SHARED_ELASTICSEARCH, Stage.CUTOVER, Act.CANCEL));
  }

  private static List<Cell> all(Duration length) {
    List<Cell> cells = new ArrayList<>();
    cells.addAll(everywhere(Fault.GONE, length, Act.NONE));
    cells.addAll(everywhere(Fault.GONE, null, Act.NONE));
    cells.addAll(everywhere(Fault.SILENT, null, Act.NONE));
    cells.addAll(everywhere(Fault.SILENT, null, Act.CANCEL));
    return cells;
  }

  private static List<Cell> everywhere(Fault fault, @Nullable Duration length, Act act) {
    List<Cell> cells = new ArrayList<>();
    for (Stage stage : Stage.values()) {
      for (Store store : Store.values()) {
        if (OutageRun.isSensible(stage, act)) {
          cells.add(new Cell(store, stage, fault, length, act));
        }
      }
    }
    return cells;
  }
}
