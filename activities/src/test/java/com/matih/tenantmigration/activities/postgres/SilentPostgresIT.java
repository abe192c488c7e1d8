package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.client.ShortStatements;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.activities.postgres.copy.RowCopier;
import com.matih.tenantmigration.activities.postgres.fence.WriteFence;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.plan.PostgresPlanner;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.provision.DedicatedDatabase;
import com.matih.tenantmigration.activities.postgres.provision.DedicatedDatabaseRemoval;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.schema.DatabaseFinisher;
import com.matih.tenantmigration.activities.postgres.schema.SchemaCreator;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotTaker;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.Silence;
import com.matih.tenantmigration.activities.testing.SilentStoreContract;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A cancel while one of the two databases answers nothing any more, in each phase that uses it. */
@Order(1) // it takes longest
@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class SilentPostgresIT implements SilentStoreContract<SilentPostgresIT.Phase> {

  private static final MigrationJournal JOURNAL = TestJournal.shared();

  @TempDir private Path folder;
  private final PostgresConnections connections =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());
  private final ClientPrograms programs = new ClientPrograms();
  private CopyLab lab;
  private SilencedProxy shared;
  private SilencedProxy dedicated;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** What stands before a phase begins. */
  private enum Before {
    NOTHING,
    SNAPSHOT,
    SCHEMA,
    ROWS,
    ALL,
    FENCE
  }

  /** Which side falls silent, and the text on whose arrival it does. */
  enum Phase implements SilentStoreContract.Phase {
    CONNECT_SHARED(Before.NOTHING, true, "user"),
    PLAN_SHARED(Before.NOTHING, true, "pg_attribute"),
    PLAN_DEDICATED(Before.NOTHING, false, "pg_database"),
    PROVISION(Before.NOTHING, false, "pg_database"),
    FENCE_ON(Before.NOTHING, true, "LOCK TABLE"),
    SNAPSHOT_OWN(Before.NOTHING, true, "pg_export_snapshot"),
    SNAPSHOT_PROGRAM(Before.NOTHING, true, "SET TRANSACTION SNAPSHOT"),
    SCHEMA_PROGRAM(Before.SNAPSHOT, false, "CREATE TABLE "),
    COPY_READS(Before.SCHEMA, true, "COPY (SELECT"),
    COPY_WRITES(Before.SCHEMA, false, "FROM STDIN"),
    FINISH_PROGRAM(Before.ROWS, false, "ADD CONSTRAINT"),
    FINISH_OWN(Before.ROWS, false, "ANALYZE"),
    VERIFY_SHARED(Before.ALL, true, "count(*)"),
    VERIFY_DEDICATED(Before.ALL, false, "count(*)"),
    RELEASE(Before.FENCE, true, "CREATE OR REPLACE FUNCTION"),
    REMOVE(Before.ALL, false, "pg_database");

    private final Before before;
    private final boolean isShared;
    private final String text;

    Phase(Before before, boolean isShared, String text) {
      this.before = before;
      this.isShared = isShared;
      this.text = text;
    }

    @Override
    public boolean isShared() {
      return isShared;
    }

    @Override
    public String text() {
      return text;
    }

    @Override
    public boolean isAsked() {
      return this == COPY_READS || this == COPY_WRITES;
    }
  }

  static Stream<Phase> phases() {
    return Stream.of(Phase.values());
  }

  @Override
  public SilencedProxy sharedProxy() {
    return shared;
  }

  @Override
  public SilencedProxy dedicatedProxy() {
    return dedicated;
  }

  @BeforeEach
  void open() throws SQLException, IOException {
    lab =
        CopyLab.rows(folder, RichSchema.NAME, List.of("plans"), List.of("left_behind"), List.of());
    RichSchema.create(lab.source, RichSchema.NAME);
    shared = SilencedProxy.before(TestServers.postgres().port());
    dedicated = SilencedProxy.before(TestServers.dedicatedPostgres().port());
  }

  @AfterEach
  void close() throws SQLException, IOException {
    threads.shutdownNow();
    shared.close();
    dedicated.close();
    lab.close();
  }

  @Override
  public Silence.Work prepare(Phase phase) throws SQLException {
    build(phase.before);
    MigrationContext context = throughProxies(shared, dedicated);
    return monitor -> work(phase, context, monitor);
  }

  private void build(Before before) throws SQLException {
    if (before == Before.FENCE) {
      new WriteFence(connections, JOURNAL).raise(lab.context, ProgressMonitor.unmonitored());
      return;
    }
    if (before.compareTo(Before.SNAPSHOT) >= 0) {
      lab.takeSnapshot();
    }
    if (before.compareTo(Before.SCHEMA) >= 0) {
      lab.createSchema();
    }
    if (before.compareTo(Before.ROWS) >= 0) {
      var unused = lab.copyRows();
    }
    if (before.compareTo(Before.ALL) >= 0) {
      lab.finish();
      lab.seal();
    }
  }

  private void work(Phase phase, MigrationContext context, CancellableMonitor monitor)
      throws SQLException {
    Object unused =
        switch (phase) {
          case CONNECT_SHARED, PLAN_SHARED, PLAN_DEDICATED ->
              new PostgresPlanner(
                      connections, programs, new QuerySessions(connections, null), TestObjects.ALL)
                  .plan(context, monitor);
          case PROVISION -> {
            new DedicatedDatabase(connections, JOURNAL).provision(context, monitor);
            yield phase;
          }
          case FENCE_ON -> {
            new WriteFence(connections, JOURNAL).raise(context, monitor);
            yield phase;
          }
          case SNAPSHOT_OWN, SNAPSHOT_PROGRAM -> {
            new SnapshotTaker(connections, programs)
                .take(context, lab.catalog(), lab.snapshot, monitor);
            yield phase;
          }
          case SCHEMA_PROGRAM -> {
            new SchemaCreator(connections, programs, TestGuard.permitting())
                .create(context, lab.snapshot, monitor);
            yield phase;
          }
          case COPY_READS, COPY_WRITES ->
              new RowCopier(connections, new ClientPrograms())
                  .copy(context, lab.tables(), lab.snapshot, monitor);
          case FINISH_PROGRAM, FINISH_OWN ->
              new DatabaseFinisher(connections, programs).finish(context, lab.snapshot, monitor);
          case VERIFY_SHARED, VERIFY_DEDICATED ->
              new TableComparison(connections, any -> lab.snapshot).rowCounts(context, monitor);
          case RELEASE -> new WriteFence(connections, JOURNAL).release(context);
          case REMOVE -> {
            JOURNAL.intend(context.migrationId(), "postgres", lab.target.name());
            yield new DedicatedDatabaseRemoval(connections, JOURNAL, TestGuard.permitting())
                .remove(context, "test");
          }
        };
  }

  /** Each over a proxy of its own, all at once: each waits until its own limit. */
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void shortStatementsThatGetNoAnswerEndByThemselves() throws Exception {
    build(Before.ALL);
    JOURNAL.intend(lab.context.migrationId(), "postgres", lab.target.name());
    Map<String, Consumer<MigrationContext>> works =
        Map.of(
            "SELECT epoch",
            context -> Ledger.takeOver(DatabaseAccess.target(connections, context), Attempt.next()),
            "step WHERE name",
            context -> SnapshotTaker.taken(DatabaseAccess.target(connections, context)),
            "FROM pg_database WHERE datname",
            context ->
                new DedicatedDatabaseRemoval(connections, JOURNAL, TestGuard.permitting())
                    .remove(context, "test"));
    List<SilencedProxy> proxies = new ArrayList<>();
    List<CompletableFuture<Void>> running = new ArrayList<>();
    try {
      for (Map.Entry<String, Consumer<MigrationContext>> one : works.entrySet()) {
        SilencedProxy proxy = SilencedProxy.before(TestServers.dedicatedPostgres().port());
        proxies.add(proxy);
        proxy.fallSilentAt(one.getKey());
        MigrationContext context = throughProxies(shared, proxy);
        running.add(CompletableFuture.runAsync(() -> one.getValue().accept(context), threads));
      }

      await()
          .atMost(ShortStatements.LIMIT.plusSeconds(30))
          .until(() -> running.stream().allMatch(CompletableFuture::isDone));

      assertThat(proxies).allMatch(SilencedProxy::isSilent);
      assertThat(running)
          .allSatisfy(
              one ->
                  assertThatThrownBy(one::join)
                      .hasCauseInstanceOf(MigrationException.class)
                      .cause()
                      .extracting(e -> ((MigrationException) e).type())
                      .isEqualTo(FailureType.STORE_UNREACHABLE));
    } finally {
      for (SilencedProxy proxy : proxies) {
        proxy.close();
      }
    }
  }

  private MigrationContext throughProxies(SilencedProxy shared, SilencedProxy dedicated) {
    PostgresSpec spec = lab.spec();
    return TestRequests.context(
        lab.context.migrationId(),
        TestRequests.withPostgres(
            PostgresSpecBuilder.like(spec)
                .source(through(spec.source(), shared))
                .target(through(spec.target(), dedicated))
                .build()));
  }

  private static PostgresSpec.Database through(
      PostgresSpec.Database database, SilencedProxy proxy) {
    return new PostgresSpec.Database(
        proxy.inUrl(database.url()), database.user(), database.password());
  }
}
