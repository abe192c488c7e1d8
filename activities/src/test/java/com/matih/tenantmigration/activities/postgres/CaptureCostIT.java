package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a single-row UPDATE costs the tenant and its neighbour while the tenant's changes are
 * captured and carried over.
 *
 * <p>By hand, on a quiet machine: {@code -Dcapture.updates=20000}. The figures are then in {@code
 * target/capture-cost.txt}.
 */
class CaptureCostIT {

  private static final int UPDATES = Integer.getInteger("capture.updates", 300);
  private static final boolean IS_BY_HAND = System.getProperty("capture.updates") != null;
  private static final int ROWS = 2_000;

  /** The promised 500 ms, and as much again where other work runs beside. */
  private static final long LONGEST_WAIT_MILLIS = 1_000;

  /** Of proc(5): 100 on all architectures that a JDK exists for. */
  private static final double TICKS_PER_SECOND = 100;

  @TempDir Path folder;

  /** Who updates what; microseconds each. */
  private record Cost(
      String who, String table, double median, double p99, double longest, double processor) {

    String line(String when) {
      return String.format(
          Locale.ROOT,
          "%-9s %-6s %-9s median %6.0f us, p99 %6.0f us, longest %7.0f us, processor %6.1f us",
          who,
          table,
          when,
          median,
          p99,
          longest,
          processor);
    }
  }

  @Test
  void updatesCostLittleMoreWhileChangesAreCarriedOver() throws Exception {
    try (CopyLab lab = CopyLab.rows(folder, "app", List.of(), List.of(), List.of())) {
      createTables(lab.source);
      OnlineLab online = new OnlineLab(lab);
      measure(lab.source);
      List<Cost> before = measure(lab.source);
      online.capture();
      online.copy(1 << 20);
      online.finish();
      CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
      CompletableFuture<Void> following =
          CompletableFuture.runAsync(() -> online.followUntilStopped(monitor));

      List<Cost> captured = measure(lab.source);

      monitor.cancel();
      assertThatThrownBy(following::join)
          .hasCauseInstanceOf(MigrationException.class)
          .hasMessageContaining("cancelled");
      tell(before, captured);
      assertThat(captured)
          .filteredOn(cost -> cost.who().equals("neighbour"))
          .allSatisfy(cost -> assertThat(cost.longest() / 1_000).isLessThan(LONGEST_WAIT_MILLIS));
      online.remove();
    }
  }

  /** The lock that the triggers need waits for the open transaction, and neighbours wait for it. */
  @Test
  void theNeighbourIsNotHeldUpWhereTheCaptureWaitsForAnOpenTransaction() throws Exception {
    try (CopyLab lab = CopyLab.rows(folder, "app", List.of(), List.of(), List.of());
        Connection other = lab.source.connect();
        Connection neighbour = lab.source.connect()) {
      createTables(lab.source);
      OnlineLab online = new OnlineLab(lab);
      other.setAutoCommit(false);
      execute(other, "UPDATE app.items SET n = n + 1 WHERE id = 1");
      CountDownLatch begun = new CountDownLatch(1);
      CompletableFuture<Void> capture =
          CompletableFuture.runAsync(
              () -> {
                begun.countDown();
                online.capture();
              });
      begun.await();
      AtomicBoolean isOpen = new AtomicBoolean(true);
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(
              () -> {
                commit(other);
                isOpen.set(false);
              },
              CompletableFuture.delayedExecutor(4, TimeUnit.SECONDS));
      long longest = 0;
      int updates = 0;
      while (isOpen.get()) {
        long begin = System.nanoTime();
        execute(neighbour, "UPDATE app.items SET n = n + 1 WHERE id = 3");
        longest = Math.max(longest, System.nanoTime() - begin);
        updates++;
      }
      end.join();
      capture.get(1, TimeUnit.MINUTES);

      assertThat(updates).isGreaterThan(4);
      assertThat(longest / 1_000_000).as("the longest wait").isLessThan(LONGEST_WAIT_MILLIS);
      online.remove();
    }
  }

  private static void commit(Connection connection) {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Rows of even numbers are the tenant's. */
  private static void createTables(TestDatabase database) throws SQLException {
    database.execute("CREATE SCHEMA app");
    database.execute(
        "CREATE TABLE app.items (id int PRIMARY KEY, tenant_id text NOT NULL, n int NOT NULL)");
    database.execute(
        "CREATE TABLE app.parts (id int PRIMARY KEY, item_id int NOT NULL REFERENCES app.items,"
            + " n int NOT NULL)");
    database.execute("CREATE INDEX ON app.parts (item_id)");
    database.execute(
        "INSERT INTO app.items SELECT i, CASE i % 2 WHEN 0 THEN 'acme' ELSE 'globex' END, 0 FROM"
            + " generate_series(0, "
            + (ROWS - 1)
            + ") i");
    database.execute("INSERT INTO app.parts SELECT id, id, 0 FROM app.items");
    database.execute("ANALYZE app.items, app.parts");
  }

  private static List<Cost> measure(TestDatabase database) throws SQLException, IOException {
    List<Cost> costs = new ArrayList<>();
    try (Connection connection = database.connect()) {
      for (String table : List.of("items", "parts")) {
        costs.add(update(connection, "tenant", table, 0));
        costs.add(update(connection, "neighbour", table, 1));
      }
    }
    return costs;
  }

  private static Cost update(Connection connection, String who, String table, int first)
      throws SQLException, IOException {
    long[] nanos = new long[UPDATES];
    Path stat = Path.of("/proc", String.valueOf(processOf(connection)), "stat");
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE app.%s SET n = n + 1 WHERE id = ?".formatted(table))) {
      double before = processorSeconds(stat);
      for (int i = 0; i < UPDATES; i++) {
        update.setInt(1, first + 2 * i % ROWS);
        long begin = System.nanoTime();
        update.executeUpdate();
        nanos[i] = System.nanoTime() - begin;
      }
      double processor = processorSeconds(stat) - before;
      Arrays.sort(nanos);
      return new Cost(
          who,
          table,
          nanos[UPDATES / 2] / 1e3,
          nanos[UPDATES * 99 / 100] / 1e3,
          nanos[UPDATES - 1] / 1e3,
          processor * 1e6 / UPDATES);
    }
  }

  private static int processOf(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet pid = statement.executeQuery("SELECT pg_backend_pid()")) {
      pid.next();
      return pid.getInt(1);
    }
  }

  /** utime and stime, the 14th and 15th field; the name before them may hold anything. */
  private static double processorSeconds(Path stat) throws IOException {
    String line = Files.readString(stat);
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void tell(List<Cost> before, List<Cost> captured) throws IOException {
    if (IS_BY_HAND) {
      List<String> lines = new ArrayList<>();
      before.forEach(cost -> lines.add(cost.line("before")));
      captured.forEach(cost -> lines.add(cost.line("captured")));
      Files.write(Path.of("target", "capture-cost.txt"), lines);
    }
  }
}
