package com.matih.tenantmigration.activities.postgres.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.throttle.Throttles;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.TestRequests;
import com.matih.tenantmigration.activities.postgres.client.ReplicaLag;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A primary with a streaming replica whose replay is paused. */
class LaggingReplicaIT {

  private static final Duration MOST = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static ServerFolder folder;
  private static PostgresServer primary;
  private static PostgresServer replica;
  private static TestDatabase database;

  @BeforeAll
  static void start() throws SQLException {
    folder = ServerFolder.temporary("tenant-migration-replica-");
    PostgresServer first = PostgresServer.start(folder, "primary");
    first.close();
    PostgresServer.Replicated both = first.startAgainWithReplica("eu-2");
    primary = both.primary();
    replica = both.replica();
    database = TestDatabase.create(primary);
    database.execute(
        "CREATE TABLE writes (id serial)", "CREATE ROLE plain LOGIN PASSWORD 'secret'");
  }

  @AfterAll
  static void stop() {
    replica.close();
    primary.close();
    folder.close();
  }

  private static MigrationRequest request() {
    return TestRequests.withPostgres(
            PostgresSpecBuilder.rows(database.spec(), database.spec())
                .sourceSchema("public")
                .parallelism(3)
                .build())
        .in(Mode.ONLINE)
        .throttledBy(new ThrottleSpec(null, MOST));
  }

  private static void replay(String function) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(
            replica.jdbcUrl("postgres"), replica.user(), replica.password())) {
      TestDatabase.execute(connection, "SELECT pg_wal_replay_%s()".formatted(function));
    }
  }

  @Test
  void readingWaitsWhileAReplicaIsBehindAndSaysForWhich() throws Exception {
    Throttles throttles =
        new Throttles(
            TestJournal.shared(), new ReplicaLag(TestDatabase.connections(primary, primary)));
    MigrationContext context =
        TestRequests.context(TestJournal.newMigrationId(), request()).whileTenantWorks();
    CancellableMonitor told = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    replay("pause");
    CompletableFuture<Void> reading =
        CompletableFuture.runAsync(
            () ->
                throttles.read(
                    context,
                    StoreName.POSTGRES,
                    told,
                    monitor -> {
                      monitor.update(new Progress(0, -1, "rows", "events"));
                      awaitBehind(told, monitor);
                      // what has begun is read to its end
                      monitor.readShared(1);
                      monitor.awaitShared();
                    }));
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              database.execute("INSERT INTO writes DEFAULT VALUES");
              return told.latest().doing().matches("events, waits for replica eu-2, .* behind");
            });
    assertThat(reading).isNotDone();
    assertThat(warnings(database.connect()))
        .singleElement()
        .asString()
        .contains("throttle.maxReplicaLag", "eu-2", "at most 1s behind");

    replay("resume");

    reading.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Nothing is waited for before the first look that sees the lag. */
  private static void awaitBehind(CancellableMonitor told, ProgressMonitor monitor) {
    while (!told.latest().doing().contains("waits")) {
      monitor.pause(Duration.ofMillis(100));
      monitor.update(new Progress(0, -1, "rows", "events"));
    }
  }

  @Test
  void whoMayNotReadStatisticsIsWarnedThatNothingWaits() throws SQLException {
    assertThat(
            warnings(
                DriverManager.getConnection(primary.jdbcUrl(database.name()), "plain", "secret")))
        .singleElement()
        .asString()
        .contains("throttle.maxReplicaLag", "plain", "GRANT pg_monitor");
  }

  private static List<Warning> warnings(Connection source) throws SQLException {
    try (source) {
      PlanNotes notes = new PlanNotes(StoreName.POSTGRES);
      ReplicaRoom.examine(source, request(), notes);
      return notes.warnings();
    }
  }
}
