package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.restore.SnapshotRestorer;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.embedded.workload.Workload;
import com.matih.tenantmigration.embedded.workload.WorkloadSchema;
import com.matih.tenantmigration.embedded.workload.WorkloadSettings;
import com.matih.tenantmigration.embedded.workload.WorkloadSide;
import com.matih.tenantmigration.embedded.workload.judge.WorkloadJudge;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A tenant that writes in all kinds of ways until the fence stands, at the end of its move. */
class OnlineMoveIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String READ_ONLY = "25006";
  private static final String NOT_SERIALIZABLE = "40001";

  /** Many ranges, so that rows move from one to another while they are read. */
  private static final long RANGE_BYTES = 16 << 10;

  @TempDir Path folder;

  /** As many as the system property {@code online.seeds} says, for those who want to explore. */
  static IntStream seeds() {
    return IntStream.range(0, Integer.getInteger("online.seeds", 1))
        .map(number -> 51 + 10 * number);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void rowsOfASharedSchemaArriveWholeAndTheNeighbourIsNotHeldUp(int seed) throws Exception {
    try (CopyLab lab = CopyLab.rows(folder, "app", List.of("region"), List.of(), List.of())) {
      assertRowsArriveWhole(lab, seed);
    }
  }

  /**
   * One with a key, one with partitions, one without a key, and one to whose rows others belong.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void tablesThatAreCopiedUnderTheFenceArriveWholeToo(int seed) throws Exception {
    try (CopyLab lab =
        CopyLab.underFence(
            folder,
            "app",
            List.of("region"),
            List.of("setting", "ticket", "audit_line", "entry"))) {
      assertRowsArriveWhole(lab, seed + 5);
    }
  }

  private static void assertRowsArriveWhole(CopyLab lab, int seed) throws Exception {
    WorkloadSchema schema = WorkloadSchema.shared("app");
    WorkloadSide shared = sharedSide(lab, schema);
    AtomicReference<WorkloadSide> route = new AtomicReference<>(shared);
    Workload globex =
        Workload.start(
            WorkloadSettings.of("globex", seed + 1)
                .withNeighbours("acme")
                .withChangesPerSecond(150),
            () -> shared);
    Workload acme =
        Workload.start(
            WorkloadSettings.of("acme", seed).withNeighbours("globex").withChangesPerSecond(150),
            route::get);
    WorkloadSide dedicated = move(lab, shared, acme);
    route.set(dedicated);
    acme.awaitAcknowledged(50, PATIENCE);
    globex.awaitAcknowledged(50, PATIENCE);
    acme.close();
    globex.close();

    WorkloadJudge judge = new WorkloadJudge(acme.journal(), globex.journal());
    assertThat(judge.acknowledged("acme", dedicated)).isEmpty();
    assertThat(judge.acknowledged("globex", shared)).isEmpty();
    assertThat(acme.journal().refused().keySet())
        .contains(READ_ONLY)
        .isSubsetOf(READ_ONLY, NOT_SERIALIZABLE);
    assertThat(globex.journal().refused().keySet()).isSubsetOf(READ_ONLY, NOT_SERIALIZABLE);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aSchemaOfTheTenantsOwnArrivesWhole(int seed) throws Exception {
    WorkloadSchema schema = WorkloadSchema.ofTenant("tenant_acme");
    try (CopyLab lab = CopyLab.schema(folder, schema.name(), List.of())) {
      WorkloadSide shared = sharedSide(lab, schema);
      AtomicReference<WorkloadSide> route = new AtomicReference<>(shared);
      Workload acme =
          Workload.start(
              WorkloadSettings.of("acme", seed + 2).withChangesPerSecond(150), route::get);
      WorkloadSide dedicated = move(lab, shared, acme);
      route.set(dedicated);
      acme.awaitAcknowledged(50, PATIENCE);
      acme.close();

      assertThat(new WorkloadJudge(acme.journal()).acknowledged("acme", dedicated)).isEmpty();
    }
  }

  @Test
  void roundsThatAreCutOffAnywhereAreTakenAgain() throws Exception {
    WorkloadSchema schema = WorkloadSchema.shared("app");
    try (CopyLab lab =
        CopyLab.rows(folder, schema.name(), List.of("region"), List.of(), List.of())) {
      WorkloadSide shared = sharedSide(lab, schema);
      OnlineLab online = new OnlineLab(lab);
      Workload acme =
          Workload.start(WorkloadSettings.of("acme", 91).withChangesPerSecond(150), () -> shared);
      online.capture();
      online.copy(RANGE_BYTES);
      online.finish();
      int cut = 0;
      for (int i = 0; i < 25; i++) {
        cut += cutOff(online, Duration.ofMillis(20L * i)) ? 1 : 0;
      }
      online.follow();
      assertAllPassed(online.verify());
      online.raiseFence();
      assertAllPassed(online.drain());
      acme.close();

      assertThat(cut).as("rounds that were cut off").isPositive();
      WorkloadSide dedicated =
          WorkloadSide.of(
              TestServers.dedicatedPostgres(), lab.target.name(), schema.named("public"));
      assertThat(WorkloadJudge.difference("acme", shared, dedicated)).isEmpty();
    }
  }

  /** Follows, and ends all its sessions after a moment; answers whether that broke it. */
  private static boolean cutOff(OnlineLab online, Duration after) throws Exception {
    Thread ending =
        new Thread(
            () -> {
              online.pause(after);
              online.endSessions();
            });
    ending.start();
    try {
      online.follow();
      return false;
    } catch (MigrationException e) {
      return true;
    } finally {
      ending.join();
    }
  }

  @Test
  void aRollbackLeavesNothingOnTheSharedSideAndTheTenantWritesOn() throws Exception {
    WorkloadSchema schema = WorkloadSchema.shared("app");
    try (CopyLab lab =
        CopyLab.rows(folder, schema.name(), List.of("region"), List.of(), List.of())) {
      WorkloadSide shared = sharedSide(lab, schema);
      OnlineLab online = new OnlineLab(lab);
      Workload acme =
          Workload.start(WorkloadSettings.of("acme", 7).withChangesPerSecond(100), () -> shared);
      acme.awaitAcknowledged(30, PATIENCE);
      online.capture();
      acme.awaitAcknowledged(30, PATIENCE);

      online.remove();
      acme.awaitAcknowledged(30, PATIENCE);
      acme.close();

      assertThat(acme.journal().refused()).isEmpty();
      assertThat(new WorkloadJudge(acme.journal()).acknowledged("acme", shared)).isEmpty();
      assertThat(
              lab.source.query(
                  "SELECT nspname FROM pg_namespace WHERE nspname = 'tenant_migration_fence'"
                      + " UNION ALL SELECT tgname FROM pg_trigger WHERE tgname LIKE '~~~%'"))
          .isEmpty();
    }
  }

  /** Moves the tenant while it writes; answers the dedicated side, on which nobody has written. */
  private static WorkloadSide move(CopyLab lab, WorkloadSide shared, Workload acme)
      throws Exception {
    OnlineLab online = new OnlineLab(lab);
    acme.awaitAcknowledged(50, PATIENCE);
    online.capture();
    acme.awaitAcknowledged(50, PATIENCE);
    online.copy(RANGE_BYTES);
    acme.awaitAcknowledged(50, PATIENCE);
    online.finish();
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    online.follow(monitor);
    monitor.assertForecastIsOfWhatWasSeen();
    assertThat(acme.journal().refused()).isEmpty();
    assertAllPassed(online.verify());
    acme.awaitAcknowledged(50, PATIENCE);
    online.raiseFence();
    assertThat(online.missingOfFence()).isEmpty();
    assertAllPassed(online.drain());
    online.open();
    online.validateKeys();
    WorkloadSide dedicated =
        WorkloadSide.of(
            TestServers.dedicatedPostgres(), lab.target.name(), shared.schema().named("public"));
    assertThat(WorkloadJudge.difference("acme", shared, dedicated)).isEmpty();
    assertThat(WorkloadJudge.foreign("acme", dedicated)).isEmpty();
    assertRestores(lab, shared);
    Finding frozen = online.compareFrozen();
    assertThat(frozen.namedMismatches()).isEmpty();
    assertThat(frozen.comparedCount()).isGreaterThan(1200);
    return dedicated;
  }

  /** The snapshot that the drain sealed is the tenant as it was when the fence stood. */
  private static void assertRestores(CopyLab lab, WorkloadSide shared) throws Exception {
    try (TestDatabase restored = TestDatabase.create(TestServers.dedicatedPostgres())) {
      var unused =
          new SnapshotRestorer(new ClientPrograms(), 2)
              .restore(
                  lab.snapshot,
                  restored.spec().url(),
                  restored.spec().user(),
                  TestServers.dedicatedPostgres().password(),
                  ProgressMonitor.unmonitored());
      WorkloadSide side =
          WorkloadSide.of(TestServers.dedicatedPostgres(), restored.name(), shared.schema());
      assertThat(WorkloadJudge.difference("acme", shared, side)).isEmpty();
    }
  }

  private static void assertAllPassed(Map<CheckName, Finding> findings) {
    findings.forEach(
        (check, finding) -> assertThat(finding.namedMismatches()).as(check.name()).isEmpty());
  }

  private static WorkloadSide sharedSide(CopyLab lab, WorkloadSchema schema) throws SQLException {
    try (Connection connection = lab.source.connect()) {
      schema.create(connection);
      schema.fill(connection, "acme", 300);
    }
    return WorkloadSide.of(TestServers.postgres(), lab.source.name(), schema);
  }
}
