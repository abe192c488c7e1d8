package com.matih.tenantmigration.embedded.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.embedded.workload.judge.WorkloadJudge;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WorkloadIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final WorkloadSettings ACME =
      WorkloadSettings.of("acme", 11).withNeighbours("globex").withChangesPerSecond(600);
  private static final WorkloadSettings GLOBEX =
      WorkloadSettings.of("globex", 12).withNeighbours("acme").withChangesPerSecond(600);

  @Test
  void twoTenantsWriteEveryKindAndBothAreComplete() throws Exception {
    WorkloadSide side = new WorkloadLab(WorkloadSchema.shared("the \"app\"")).side();
    try (Connection connection = side.connect()) {
      side.schema().fill(connection, "acme", 50);
    }
    Workload acme = Workload.start(ACME, () -> side);
    Workload globex = Workload.start(GLOBEX, () -> side);
    awaitKinds(acme, EnumSet.complementOf(EnumSet.of(WorkloadKind.TRUNCATE)));
    acme.awaitAcknowledged(300, PATIENCE);
    globex.awaitAcknowledged(100, PATIENCE);
    acme.close();
    globex.close();

    WorkloadJudge judge = new WorkloadJudge(acme.journal(), globex.journal());
    assertThat(judge.acknowledged("acme", side)).isEmpty();
    assertThat(judge.acknowledged("globex", side)).isEmpty();
    assertThat(acme.journal().refused()).isEmpty();
    assertThat(globex.journal().refused()).isEmpty();
    assertThat(acme.journal().unknownCount()).isZero();
    assertThat(acme.journal().acknowledgedLatency().count()).isGreaterThan(300);
    assertThat(acme.journal().acknowledgedLatency().longest())
        .isGreaterThanOrEqualTo(acme.journal().acknowledgedLatency().median());
    assertThat(preparedTransactions(side)).isZero();
  }

  @Test
  void aTenantOfItsOwnSchemaTruncatesItsTable() throws Exception {
    WorkloadSide side = new WorkloadLab(WorkloadSchema.ofTenant("tenant_acme")).side();
    Workload acme = Workload.start(ACME, () -> side);
    awaitKinds(acme, EnumSet.of(WorkloadKind.TRUNCATE, WorkloadKind.CASCADE));
    acme.close();

    assertThat(new WorkloadJudge(acme.journal()).acknowledged("acme", side)).isEmpty();
    assertThat(WorkloadJudge.foreign("acme", side)).isEmpty();
    assertThat(acme.journal().refused()).isEmpty();
    assertThat(acme.journal().acknowledged()).doesNotContainKey(WorkloadKind.MOVE_TENANT);
    assertThat(WorkloadLab.execute(side, "DELETE FROM scratch")).isPositive();
  }

  @Test
  void whatIsRefusedIsCountedAndTheWriterGoesOnWhereTheRoutePoints() throws Exception {
    WorkloadLab lab = new WorkloadLab(WorkloadSchema.shared("app"));
    AtomicReference<WorkloadSide> route = new AtomicReference<>(lab.side());
    Workload acme = Workload.start(ACME.without(WorkloadKind.MOVE_TENANT), route::get);
    acme.awaitAcknowledged(100, PATIENCE);
    acme.close();
    WorkloadSide readOnly = lab.side();
    WorkloadSide copy = lab.copy();

    makeReadOnly(readOnly);
    Workload later =
        Workload.start(WorkloadSettings.of("acme", 13).withChangesPerSecond(600), route::get);
    awaitRefused(later, "25006");
    assertThat(later.journal().acknowledgedCount()).isZero();
    route.set(copy);
    later.awaitAcknowledged(100, PATIENCE);
    later.close();

    assertThat(later.journal().refused()).containsOnlyKeys("25006");
    assertThat(later.journal().longestGap()).isPositive();
    WorkloadJudge judge = new WorkloadJudge(acme.journal(), later.journal());
    assertThat(judge.acknowledged("acme", copy)).isEmpty();
    assertThat(new WorkloadJudge(acme.journal()).acknowledged("acme", readOnly)).isEmpty();
    assertThat(WorkloadJudge.difference("acme", readOnly, copy)).isNotEmpty();
  }

  @Test
  void sessionsThatLoseTheirConnectionsGoOnAndNothingIsHalfThere() throws Exception {
    WorkloadSide side = new WorkloadLab(WorkloadSchema.shared("app")).side();
    Workload acme = Workload.start(ACME.withSessions(6), () -> side);
    for (int i = 0; i < 40; i++) {
      acme.awaitAcknowledged(5, PATIENCE);
      terminateAll(side);
    }
    acme.awaitAcknowledged(20, PATIENCE);
    acme.close();

    assertThat(acme.journal().refused()).containsKey("57P01");
    assertThat(new WorkloadJudge(acme.journal()).acknowledged("acme", side)).isEmpty();
    assertThat(preparedTransactions(side)).isZero();
  }

  @Test
  void aRowThatASessionDoesNotFindAgainIsReported() throws Exception {
    WorkloadSide side = new WorkloadLab(WorkloadSchema.shared("app")).side();
    Workload acme =
        Workload.start(
            ACME.withSessions(1).withKinds(Set.of(WorkloadKind.MOVE_PARTITION)), () -> side);
    acme.awaitAcknowledged(5, PATIENCE);
    deleteTickets(side);
    acme.awaitAcknowledged(5, PATIENCE);
    acme.close();

    assertThat(new WorkloadJudge(acme.journal()).acknowledged("acme", side))
        .extracting(WorkloadFinding::fault)
        .containsExactlyInAnyOrder(
            WorkloadFinding.Fault.NOT_FOUND_BY_SESSION, WorkloadFinding.Fault.MISSING);
  }

  @Test
  void theSameSeedMakesTheSameChoices() throws Exception {
    Map<RowKey, RowState> once = afterTransactions(80, ACME);

    assertThat(once).hasSizeGreaterThan(80).isEqualTo(afterTransactions(80, ACME));
    assertThat(once)
        .isNotEqualTo(afterTransactions(80, WorkloadSettings.of("acme", 12).withSessions(1)));
  }

  private static void awaitKinds(Workload workload, Set<WorkloadKind> kinds)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!workload.journal().acknowledged().keySet().containsAll(kinds)) {
      assertThat(System.nanoTime())
          .as("still missing of %s: %s", kinds, workload.journal().acknowledged())
          .isLessThan(end);
      workload.awaitAcknowledged(5, PATIENCE);
    }
  }

  private static void awaitRefused(Workload workload, String state) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!workload.journal().refused().containsKey(state)) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(10);
    }
  }

  private static void makeReadOnly(WorkloadSide side) throws SQLException {
    String database = side.jdbcUrl().substring(side.jdbcUrl().lastIndexOf('/') + 1);
    WorkloadLab.execute(
        side, "ALTER DATABASE %s SET default_transaction_read_only = on".formatted(database));
  }

  /** Behind a lock, because a row that moves between partitions cannot be waited for. */
  private static void deleteTickets(WorkloadSide side) throws SQLException {
    try (Connection connection = side.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE ticket");
      assertThat(statement.executeUpdate("DELETE FROM ticket")).isEqualTo(1);
      connection.commit();
    }
  }

  private static void terminateAll(WorkloadSide side) throws SQLException {
    try (Connection connection = side.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }
  }

  private static int preparedTransactions(WorkloadSide side) throws SQLException {
    try (Connection connection = side.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()")) {
      row.next();
      return row.getInt(1);
    }
  }

  /** What one session leaves when its route ends after some transactions. */
  private static Map<RowKey, RowState> afterTransactions(int number, WorkloadSettings settings)
      throws SQLException {
    WorkloadSide side = new WorkloadLab(WorkloadSchema.shared("app")).side();
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch ended = new CountDownLatch(1);
    Workload workload =
        Workload.start(
            settings.withSessions(1),
            () -> {
              // the start asks once more than the transactions do
              if (asked.incrementAndGet() > number + 1) {
                ended.countDown();
                throw new IllegalStateException("no route");
              }
              return side;
            });
    assertThatThrownBy(
            () -> {
              assertThat(ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
              workload.close();
            })
        .hasRootCauseMessage("no route");
    assertThat(workload.journal().acknowledgedCount()).isEqualTo(number);
    return workload.journal().states();
  }
}
