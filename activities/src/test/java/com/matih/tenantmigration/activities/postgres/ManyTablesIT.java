package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.FileSnapshotStorage;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.PostgresSourceQuiet;
import com.matih.tenantmigration.activities.postgres.compare.PostgresTenantLeak;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.activities.postgres.copy.RowCopier;
import com.matih.tenantmigration.activities.postgres.fence.WriteFence;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.plan.PostgresPlanner;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.schema.DatabaseFinisher;
import com.matih.tenantmigration.activities.postgres.schema.SchemaCreator;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotSealer;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotTaker;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Moves a tenant of many tables, step by step, between servers whose lock tables have as much room
 * for each table as servers with default settings have for 2,000.
 *
 * <p>By hand with 2,000 tables and default settings: {@code -Dmany.tables=2000}. How long each step
 * took, and how many locks it held at a time, is then in {@code target/many-tables.txt}.
 */
class ManyTablesIT {

  private static final int TABLES = Integer.getInteger("many.tables", 600);
  private static final boolean IS_BY_HAND = System.getProperty("many.tables") != null;
  private static final int DEFAULT_LOCKS = 64;
  private static final int DEFAULT_CONNECTIONS = 100;

  private static final long ROOM =
      (long) DEFAULT_LOCKS * DEFAULT_CONNECTIONS * Math.min(TABLES, 2000) / 2000;

  /** The lock timeout of 500 ms, and what a busy machine may add. */
  private static final long LONGEST_WAIT_MILLIS = 2_500;

  private static ServerFolder folder;
  private static PostgresServer sourceServer;
  private static PostgresServer targetServer;

  private final ProgressMonitor monitor = ProgressMonitor.unmonitored();
  private final ClientPrograms programs = new ClientPrograms();
  private final List<String> times = new ArrayList<>();

  @BeforeAll
  static void start() {
    folder = ServerFolder.temporary("tenant-migration-many-");
    int connections = 30;
    List<String> settings =
        TABLES >= 2000
            ? List.of("max_connections=100", "max_prepared_transactions=0")
            : List.of(
                "max_locks_per_transaction=" + ROOM / connections,
                "max_connections=" + connections,
                "max_prepared_transactions=0",
                "max_wal_senders=0",
                "max_worker_processes=1",
                "autovacuum_max_workers=1");
    sourceServer = PostgresServer.start(folder, "many-shared", settings);
    targetServer = PostgresServer.start(folder, "many-dedicated", settings);
  }

  @AfterAll
  static void stop() {
    sourceServer.close();
    targetServer.close();
    folder.close();
  }

  /** What each step of the platform's schema has: keys, an index, a serial, a text, references. */
  private static void createTables(TestDatabase database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA shared");
      for (int i = 0; i < TABLES; i++) {
        String parent =
            i % 10 == 0 ? "" : ", parent_id bigint REFERENCES shared.t%d".formatted(i - i % 10);
        statement.execute(
            ("CREATE TABLE shared.t%1$d (id bigserial PRIMARY KEY, tenant_id text NOT NULL,"
                    + " name text%2$s); CREATE INDEX ON shared.t%1$d (tenant_id);"
                    + " INSERT INTO shared.t%1$d (tenant_id, name) SELECT CASE WHEN i %% 2 = 0 THEN"
                    + " 'acme' ELSE 'globex' END, 'row ' || i FROM generate_series(1, 10) i")
                .formatted(i, parent));
      }
      statement.execute("ANALYZE");
    }
  }

  private MigrationContext context(TestDatabase source, TestDatabase target, Isolation isolation) {
    return TestRequests.context(
        TestJournal.newMigrationId(),
        TestRequests.withPostgres(
            PostgresSpecBuilder.of(isolation, source.spec(), target.spec())
                .parallelism(2)
                .build()));
  }

  @ParameterizedTest
  @EnumSource(Isolation.class)
  void manyTablesMoveWithoutFillingALockTable(Isolation isolation, @TempDir Path temporary)
      throws Exception {
    try (TestDatabase source = TestDatabase.create(sourceServer);
        TestDatabase target = TestDatabase.create(targetServer);
        TestDatabase byHand = TestDatabase.create(targetServer);
        LockSampler shared = new LockSampler(source);
        LockSampler dedicated = new LockSampler(target)) {
      createTables(source);
      MigrationContext context = context(source, target, isolation);
      times.add("%s, %d tables".formatted(isolation, TABLES));
      if (IS_BY_HAND) {
        times.add(
            "pg_dump and pg_restore %.1f s".formatted(dumpAndRestore(source, byHand, temporary)));
      }
      PostgresConnections connections = TestDatabase.connections(sourceServer, targetServer);
      Steps steps = new Steps(shared, dedicated);

      PostgresPlanner planner =
          new PostgresPlanner(
              connections, programs, new QuerySessions(connections, null), TestObjects.ALL);
      PlanFindings[] plan = new PlanFindings[1];
      steps.time("plan", () -> plan[0] = planner.plan(context, monitor));
      assertThat(plan[0].refusals()).isEmpty();
      try (Connection connection = target.connect()) {
        Ledger.create(connection);
      }
      WriteFence fence = new WriteFence(connections, TestJournal.shared());
      try (Neighbour neighbour = new Neighbour(source)) {
        steps.time("fence", () -> fence.raise(context, monitor));
        if (isolation == Isolation.ROWS) {
          times.add("longest write of a neighbour %d ms".formatted(neighbour.longest()));
          assertThat(neighbour.longest()).isBetween(1L, LONGEST_WAIT_MILLIS);
        }
      }
      SnapshotStorage storage = FileSnapshotStorage.at("file:" + temporary.resolve("snapshot"));
      TenantTables catalog;
      try (Connection connection = source.connect()) {
        catalog = TenantCatalog.read(connection, context.request());
      }
      List<TenantTable> tables = catalog.requireMovable();
      steps.time(
          "snapshot",
          () -> new SnapshotTaker(connections, programs).take(context, catalog, storage, monitor));
      SchemaCreator creator = new SchemaCreator(connections, programs, TestGuard.permitting());
      steps.time("schema", () -> creator.create(context, storage, monitor));
      steps.time(
          "rows",
          () -> new RowCopier(connections, programs).copy(context, tables, storage, monitor));
      steps.time(
          "finish",
          () -> new DatabaseFinisher(connections, programs).finish(context, storage, monitor));
      steps.time("seal", () -> new SnapshotSealer(connections).seal(context, storage, monitor));
      TableComparison comparison = new TableComparison(connections, nowhere -> storage);
      steps.time("row counts", () -> passed(comparison.rowCounts(context, monitor)));
      steps.time("primary keys", () -> passed(comparison.primaryKeys(context, monitor)));
      steps.time("row contents", () -> passed(comparison.rowContents(context, monitor)));
      steps.time(
          "leak", () -> passed(new PostgresTenantLeak(connections).findForeign(context, monitor)));
      steps.time(
          "source quiet",
          () ->
              passed(
                  PostgresSourceQuiet.afterCutover(connections, fence)
                      .findWrites(context, monitor)));
      steps.time("release", () -> assertThat(fence.release(context).stood()).isTrue());
      steps.time("remove", () -> assertThat(fence.remove(context, monitor)).isTrue());
      Files.write(
          Path.of("target", "many-tables.txt"),
          times,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      assertThat(steps.most)
          .allSatisfy((step, most) -> assertThat(most).as(step).isLessThan(ROOM * 2 / 3));
    }
  }

  private static void passed(Finding finding) {
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isGreaterThanOrEqualTo(TABLES);
  }

  private double dumpAndRestore(TestDatabase source, TestDatabase target, Path temporary)
      throws Exception {
    long begun = System.nanoTime();
    String archive = temporary.resolve("by-hand").toString();
    run(
        "pg_dump",
        "-Fd",
        "-Z1",
        "-j2",
        "-n",
        "shared",
        "-f",
        archive,
        sourceServer.uri(source.name()));
    run("pg_restore", "-j2", "-d", targetServer.uri(target.name()), archive);
    return (System.nanoTime() - begun) / 1e9;
  }

  private static void run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(new File("target/many-tables.log"))
            .start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  private interface Work {
    void run() throws Exception;
  }

  private final class Steps {
    private final LockSampler shared;
    private final LockSampler dedicated;
    private final Map<String, Long> most = new TreeMap<>();

    Steps(LockSampler shared, LockSampler dedicated) {
      this.shared = shared;
      this.dedicated = dedicated;
    }

    void time(String step, Work work) throws Exception {
      shared.begin();
      dedicated.begin();
      long begun = System.nanoTime();
      Exception failure = null;
      try {
        work.run();
      } catch (Exception e) {
        failure = e;
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      times.add(
          "%-14s %6.1f s, locks %5d shared, %5d dedicated%s"
              .formatted(
                  step,
                  seconds,
                  shared.most(),
                  dedicated.most(),
                  failure == null ? "" : " " + failure));

      most.put(step + " shared", shared.most());
      most.put(step + " dedicated", dedicated.most());
      if (failure != null) {
        throw failure;
      }
    }
  }

  /** Writes into one table after the other while others' writes pass. */
  private static final class Neighbour implements AutoCloseable {

    private final Connection connection;
    private final Thread thread;
    private final AtomicLong longest = new AtomicLong();
    private volatile boolean isDone;

    Neighbour(TestDatabase database) throws SQLException {
      connection = database.connect();
      thread = new Thread(this::write, "neighbour");
      thread.start();
    }

    private void write() {
      try (Statement statement = connection.createStatement()) {
        for (int i = 0; !isDone; i = (i + 7) % TABLES) {
          long begun = System.nanoTime();
          statement.execute(
              "UPDATE shared.t%d SET name = name WHERE tenant_id = 'globex' AND id = 1"
                  .formatted(i));
          longest.accumulateAndGet((System.nanoTime() - begun) / 1_000_000 + 1, Math::max);
        }
      } catch (SQLException e) {
        if (!isDone) {
          longest.set(Long.MAX_VALUE);
        }
      }
    }

    long longest() {
      return longest.get();
    }

    @Override
    public void close() throws Exception {
      isDone = true;
      try (connection) {
        thread.join();
      }
    }
  }

  /** Asks again and again how many locks the whole server holds in its table. */
  private static final class LockSampler implements AutoCloseable {

    private static final String HELD = "SELECT count(*) FROM pg_locks WHERE NOT fastpath";

    private final Connection connection;
    private final Thread thread;
    private final AtomicLong most = new AtomicLong();
    private volatile boolean isDone;

    LockSampler(TestDatabase database) throws SQLException {
      connection = database.maintenance();
      thread = new Thread(this::sample, "lock-sampler");
      thread.start();
    }

    private void sample() {
      try {
        while (!isDone) {
          long held = Long.parseLong(TestDatabase.query(connection, HELD).get(0));
          most.accumulateAndGet(held, Math::max);
          Thread.sleep(5);
        }
      } catch (SQLException | InterruptedException e) {
        most.set(Long.MAX_VALUE);
      }
    }

    void begin() {
      most.set(0);
    }

    long most() {
      return most.get();
    }

    @Override
    public void close() throws Exception {
      isDone = true;
      try (connection) {
        thread.join();
      }
    }
  }
}
