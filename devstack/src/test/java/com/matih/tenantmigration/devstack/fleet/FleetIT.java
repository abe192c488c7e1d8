package com.matih.tenantmigration.devstack.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.devstack.WorkerChild;
import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.sample.SampleDatabase;
import com.matih.tenantmigration.devstack.sample.SampleSize;
import com.matih.tenantmigration.devstack.sample.SampleSize.Counts;
import com.matih.tenantmigration.devstack.sample.SampleSize.Population;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.CheckResult.Status;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several tenants that move at the same time, by two workers with a heap of 512 MB each: one is
 * found out and rolled back, a larger one more is paused, resumed and cancelled among them, and all
 * others arrive exactly.
 *
 * <p>{@code -Dfleet.tenants=10} moves ten, which takes four minutes on two cores that carry all
 * servers too; {@code -Dfleet.scale=20} gives each tenant twenty times as much, and with {@code
 * -Dfleet.slack=1} nothing may take longer than operators are promised.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Isolated("it measures how fast the workers answer")
class FleetIT {

  private static final Logger log = LoggerFactory.getLogger(FleetIT.class);
  private static final int TENANTS = Integer.getInteger("fleet.tenants", 5);
  private static final int SCALE = Integer.getInteger("fleet.scale", 1);
  private static final Duration PATIENCE = Duration.ofMinutes(2 + TENANTS * SCALE / 3);

  /** What is promised may take so many times as long where other work runs beside. */
  private static final int SLACK = Integer.getInteger("fleet.slack", 2);

  private static final Duration STEERED_WITHIN = Duration.ofSeconds(5).multipliedBy(SLACK);

  /** The in-memory server at times has a workflow decide again; it shall only not get stuck. */
  private static final Duration STEERED_IN_MEMORY_WITHIN = Duration.ofSeconds(45);

  /** Nine of ten answers, once both workers have loaded their classes. */
  private static final Duration ANSWERED_WITHIN = Duration.ofMillis(200).multipliedBy(SLACK);

  private static final List<SampleTenant> ALL = SampleTenant.fleet(TENANTS + 1);
  private static final List<SampleTenant> ARRIVING = ALL.subList(0, TENANTS - 1);
  private static final SampleTenant FAULTY = ALL.get(TENANTS - 1);
  private static final SampleTenant STEERED = ALL.get(TENANTS);

  @TempDir private static Path directory;

  private static Fleet fleet;
  private static HeedlessWriter heedless;
  private static StatusWatch statuses;

  @BeforeAll
  static void startAllAtOnce() throws IOException {
    List<Population> populations = new ArrayList<>();
    ARRIVING.forEach(tenant -> populations.add(new Population(tenant, counts(SCALE))));
    populations.add(new Population(FAULTY, counts(SCALE)));
    populations.add(new Population(STEERED, counts(10 * SCALE)));
    fleet = new Fleet(directory, new SampleSize(populations, false));
    heedless = new HeedlessWriter(fleet.sides().shared().kafkaBootstrap(), FAULTY);
    fleet.migrate(STEERED);
    ALL.subList(0, TENANTS).forEach(fleet::migrate);
    statuses = new StatusWatch(fleet.migrations(), fleet::running);
  }

  private static Counts counts(int scale) {
    return new Counts(
        3, 20, 200 * scale, 2_000 * scale, 10, 20 * scale, 6 << 20, 500 * scale, 200 * scale, 50);
  }

  @AfterAll
  static void stop() {
    statuses.close();
    heedless.close();
    fleet.close();
  }

  @Order(1)
  @Test
  void pauseResumeAndCancelTakeEffectWhileAllOthersMove() {
    awaitLook(live -> live.phase() == Phase.COPY && isCopying(live));
    logAnswers("while the workers load their classes");
    statuses.startOver();
    List<String> load = fleet.running();

    Duration paused =
        effect(
            () -> fleet.migrations().pause(STEERED.id(), "look", "dana"),
            live -> live.activities().isEmpty());
    Duration resumed =
        effect(
            () -> fleet.migrations().resume(STEERED.id(), "dana"),
            live -> !live.activities().isEmpty());
    Duration cancelled =
        effect(
            () -> fleet.migrations().cancel(STEERED.id(), "enough seen", "dana"),
            live -> live.phase() == Phase.ROLLING_BACK);

    log.info("paused after {}, resumed after {}, cancelled after {}", paused, resumed, cancelled);
    assertThat(load).as("the load").hasSizeGreaterThan(TENANTS / 2);
    Duration bound = fleet.isInMemory() ? STEERED_IN_MEMORY_WITHIN : STEERED_WITHIN;
    assertThat(List.of(paused, resumed, cancelled))
        .allSatisfy(time -> assertThat(time).isLessThan(bound));
  }

  @Order(2)
  @Test
  void theOthersArriveExactly() throws Exception {
    for (SampleTenant tenant : ARRIVING) {
      MigrationReport report = ended(tenant);

      assertThat(report.outcome()).as(tenant.id() + ": " + report).isEqualTo(Outcome.COMPLETED);
      assertThat(report.checks())
          .hasSize(CheckName.values().length)
          .allMatch(check -> check.status() == Status.PASSED && check.compared() > 0);
      assertThat(TenantContent.dedicated(fleet.sides(), tenant))
          .as(tenant.id())
          .isEqualTo(TenantContent.shared(fleet.sides(), tenant));
      assertThat(fleet.config(tenant).state()).isEqualTo(State.ACTIVE);
      assertThat(fleet.config(tenant).databaseUrl())
          .isEqualTo(fleet.sides().dedicated().jdbcUrl(tenant.id()));
    }
  }

  @Order(3)
  @Test
  void theOneWhoseServiceHeedsNothingIsFoundOutAndRolledBackAlone() throws Exception {
    MigrationReport report = ended(FAULTY);

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.checks())
        .filteredOn(check -> check.status() == Status.FAILED)
        .extracting(CheckResult::check)
        .contains(CheckName.SOURCE_QUIET);
    assertIsBack(FAULTY);
  }

  @Order(4)
  @Test
  void theCancelledOneIsBack() throws Exception {
    MigrationReport report = ended(STEERED);

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.cancelled()).isTrue();
    assertIsBack(STEERED);
  }

  @Order(5)
  @Test
  void statusWasAnsweredAllTheWhile() {
    statuses.close();

    logAnswers("under full load");
    assertThat(statuses.failure()).isEmpty();
    assertThat(statuses.percentile(90)).isLessThan(ANSWERED_WITHIN);
  }

  @Order(6)
  @Test
  void noWorkerRanOutOfMemory() throws IOException {
    for (WorkerChild worker : fleet.workers()) {
      assertThat(worker.handle().isAlive()).isTrue();
      assertThat(Files.readString(worker.log())).doesNotContain("OutOfMemoryError");
    }
  }

  private static void logAnswers(String when) {
    log.info(
        "{} answers to status {}: half within {}, 90 % within {}, 95 % within {}, 99 % within {},"
            + " the slowest {}",
        statuses.answers(),
        when,
        statuses.percentile(50),
        statuses.percentile(90),
        statuses.percentile(95),
        statuses.percentile(99),
        statuses.percentile(100));
  }

  /** How long a wish takes until it shows. */
  private static Duration effect(Runnable wish, Predicate<LiveMigration> seen) {
    long asked = System.nanoTime();
    wish.run();
    awaitLook(seen);
    return Duration.ofNanos(System.nanoTime() - asked);
  }

  private static void awaitLook(Predicate<LiveMigration> seen) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> fleet.migrations().look(STEERED.id()).filter(seen).isPresent());
  }

  private static boolean isCopying(LiveMigration live) {
    return live.activities().stream().anyMatch(activity -> activity.progress() != null);
  }

  private static MigrationReport ended(SampleTenant tenant) throws Exception {
    return fleet.outcome(tenant).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /**
   * Its route leads to the shared side, where it can write, and nothing is left of it elsewhere.
   */
  private static void assertIsBack(SampleTenant tenant) {
    assertThat(fleet.config(tenant).state()).isEqualTo(State.ACTIVE);
    assertThat(fleet.config(tenant).databaseUrl())
        .startsWith(fleet.sides().shared().jdbcUrl(SampleDatabase.DATABASE));
    Databases.execute(
        fleet.sides().shared(),
        SampleDatabase.DATABASE,
        "INSERT INTO shared_schema.query_runs (tenant_id, query_id) VALUES ('%s', %d)"
            .formatted(tenant.key(), tenant.rowId(1)));
    assertThat(Databases.exists(fleet.sides().dedicated(), tenant.id())).isFalse();
  }
}
