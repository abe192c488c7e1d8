package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.FileSnapshotStorage;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.PostgresTenantLeak;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.activities.postgres.copy.ChunkPlanner;
import com.matih.tenantmigration.activities.postgres.copy.RowCopier;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.plan.PostgresPlanner;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plans and checks a schema whose tables and indexes are more than the server's lock table has room
 * for: what kept a lock on each would end in "out of shared memory", for neighbours too.
 */
class FullLockTableIT {

  private static final int TABLES = 700;
  private static final int PARTITIONED = 12;
  private static final int PARTITIONS = 40;

  /** What one table with its partitions takes, on each side, and something for the catalog. */
  private static final long MOST_LOCKS = 200;

  /** Room for 10 locks a connection: 300, and what PostgreSQL keeps in reserve. */
  private static final List<String> SMALL =
      List.of("max_locks_per_transaction=10", "max_connections=30", "max_prepared_transactions=0");

  private static ServerFolder folder;
  private static PostgresServer server;
  private static TestDatabase source;
  private static TestDatabase target;
  private static MigrationContext context;

  private final PostgresConnections connections = TestDatabase.connections(server);
  private final ProgressMonitor monitor = ProgressMonitor.unmonitored();

  @BeforeAll
  static void createTables() throws SQLException {
    folder = ServerFolder.temporary("tenant-migration-locks-");
    server = PostgresServer.start(folder, "small-postgres", SMALL);
    source = TestDatabase.create(server);
    target = TestDatabase.create(server);
    createTables(source, "shared", true);
    createTables(target, "shared", false);
    try (Connection connection = target.connect()) {
      Ledger.create(connection);
    }
    context =
        TestRequests.context(
            TestJournal.newMigrationId(),
            TestRequests.withPostgres(
                PostgresSpecBuilder.rows(source.spec(), target.spec())
                    .targetSchema("shared")
                    .parallelism(2)
                    .build()));
  }

  /** Statement by statement, so that making them fits as well. */
  private static void createTables(TestDatabase database, String schema, boolean rows)
      throws SQLException {
    List<String> statements = new ArrayList<>();
    statements.add("CREATE SCHEMA IF NOT EXISTS " + schema);
    for (int i = 0; i < PARTITIONED; i++) {
      statements.add(
          "CREATE TABLE %s.p%d (id int, tenant_id text) PARTITION BY RANGE (id)"
              .formatted(schema, i));
      for (int j = 0; j < PARTITIONS; j++) {
        statements.add(
            "CREATE TABLE %1$s.p%2$d_%3$d PARTITION OF %1$s.p%2$d FOR VALUES FROM (%3$d) TO (%4$d)"
                .formatted(schema, i, j, j + 1));
      }
    }
    for (int i = 0; i < TABLES; i++) {
      statements.add(
          "CREATE TABLE %s.t%d (id int PRIMARY KEY, tenant_id text)".formatted(schema, i));
      if (rows) {
        statements.add("INSERT INTO %s.t%d VALUES (1, 'acme')".formatted(schema, i));
      }
    }
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @AfterAll
  static void stop() {
    server.close();
    folder.close();
  }

  @Test
  void copyAndChecksKeepNoLocksOnTablesThatTheyHaveSeen(@TempDir Path snapshot) throws Exception {
    List<TenantTable> tables;
    try (Connection connection = source.connect()) {
      tables = TenantCatalog.read(connection, context.request()).requireMovable();
    }
    assertThat(tables).hasSize(TABLES + PARTITIONED);
    SnapshotStorage storage = FileSnapshotStorage.at("file:" + snapshot.resolve("s"));
    TableComparison comparison = new TableComparison(connections, nowhere -> storage);

    try (LockSampler sampler = new LockSampler()) {
      assertThat(
              new RowCopier(connections, new ClientPrograms(), ChunkPlanner.RANGE_BYTES)
                  .copy(context, tables, storage, monitor)
                  .tables())
          .hasSize(TABLES + PARTITIONED);
      assertPassed(comparison.rowCounts(context, monitor));
      assertPassed(comparison.primaryKeys(context, monitor));
      assertPassed(comparison.rowContents(context, monitor));
      assertPassed(new PostgresTenantLeak(connections).findForeign(context, monitor));
      assertThat(sampler.most()).isBetween(1L, MOST_LOCKS);
    }
  }

  @Test
  void thePlanTakesFewLocksAndRefusesWhatDoesNotFit() throws Exception {
    try (LockSampler sampler = new LockSampler()) {
      PlanFindings plan =
          new PostgresPlanner(
                  connections,
                  new ClientPrograms(),
                  new QuerySessions(connections, null),
                  TestObjects.ALL)
              .plan(context, monitor);

      assertThat(plan.refusals())
          .filteredOn(refusal -> refusal.reason().contains("max_locks_per_transaction"))
          .extracting(Refusal::object)
          .containsExactly("postgres.source", "postgres.target");
      assertThat(plan.refusals())
          .noneMatch(refusal -> refusal.reason().contains("53200"))
          .anySatisfy(
              refusal -> {
                assertThat(refusal.reason())
                    .contains("has room for 300 locks", "out of shared memory");
                assertThat(refusal.remedy()).contains("Set max_locks_per_transaction to ");
              });
      assertThat(sampler.most()).isLessThanOrEqualTo(MOST_LOCKS);
    }
  }

  private static void assertPassed(Finding finding) {
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isPositive();
  }

  /** Asks again and again how many locks the migration's sessions hold on tables. */
  private static final class LockSampler implements AutoCloseable {

    private static final String HELD =
        "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            + " WHERE l.locktype = 'relation' AND a.application_name LIKE 'tenant-migration %'";

    private final Connection connection;
    private final Thread thread;
    private final AtomicLong most = new AtomicLong();
    private volatile boolean isDone;

    LockSampler() throws SQLException {
      connection = source.maintenance();
      thread = new Thread(this::sample, "lock-sampler");
      thread.start();
    }

    private void sample() {
      try {
        while (!isDone) {
          long held = Long.parseLong(TestDatabase.query(connection, HELD).get(0));
          most.accumulateAndGet(held, Math::max);
        }
      } catch (SQLException e) {
        most.set(Long.MAX_VALUE);
      }
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
