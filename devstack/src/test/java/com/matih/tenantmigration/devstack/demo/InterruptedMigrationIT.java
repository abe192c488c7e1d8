package com.matih.tenantmigration.devstack.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.devstack.Devstack;
import com.matih.tenantmigration.devstack.WorkerChild;
import com.matih.tenantmigration.devstack.clusters.BucketScan;
import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.sample.SampleDatabase;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.embedded.testing.NeedsTemporalServer;
import com.matih.tenantmigration.starter.TemporalService;
import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What comes in a migration's way: somebody else's database or bucket, a cancel, a worker that
 * freezes or is killed, a lost reply. The worker is a process of its own; the last migration is the
 * one that succeeds.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InterruptedMigrationIT {

  private static final String ACME = SampleTenant.ACME.id();

  /** The step of the audit trail that commits with the tenant's right to write. */
  private static final String LAST_ACT = "TENANT_CONFIG/ACTIVATE";

  /** Long enough on the wire for a copy to be seen, and small on disk. */
  private static final String LARGE_TABLE =
      "CREATE TABLE shared_schema.large (id int PRIMARY KEY, tenant_id text, body text);"
          + " INSERT INTO shared_schema.large SELECT n, '%s', repeat('x', 4000)"
              .formatted(SampleTenant.ACME.key())
          + " FROM generate_series(1, 60000) n";

  private static final Logger log = LoggerFactory.getLogger(InterruptedMigrationIT.class);

  @TempDir private static Path directory;

  private static DemoStack stack;
  private static Devstack devstack;
  private static WorkerChild worker;
  private static TemporalService temporal;
  private static TenantMigrations migrations;
  private static Side dedicated;

  @BeforeAll
  static void start() {
    stack = new DemoStack(directory, Isolation.ROWS);
    devstack = stack.devstack();
    dedicated = devstack.sides().dedicated();
    worker = WorkerChild.start(devstack);
    temporal = TemporalService.connect(devstack.environment());
    migrations = new TenantMigrations(temporal.client(), devstack.controlPlane());
  }

  @AfterAll
  static void stop() {
    temporal.close();
    worker.close();
    stack.close();
  }

  @Order(1)
  @Test
  void somebodyElsesDatabaseOfThatNameIsRefusedAndStays() throws InterruptedException {
    Databases.execute(dedicated, "postgres", "CREATE DATABASE acme");
    Databases.execute(dedicated, "acme", "CREATE TABLE theirs AS SELECT 'precious' AS word");

    begin();
    MigrationReport report = migrations.awaitOutcome(ACME);

    assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(report.refusals()).anyMatch(refusal -> refusal.store().equals("postgres"));
    assertThat(Databases.query(dedicated, "acme", "SELECT word FROM theirs"))
        .containsExactly("precious");
    Databases.execute(dedicated, "postgres", "DROP DATABASE acme");
  }

  @Order(2)
  @Test
  void aBucketWithOneObjectInItIsRefusedAndStays() throws InterruptedException {
    try (S3Client s3 = S3Clients.of(dedicated)) {
      s3.createBucket(create -> create.bucket("acme-dedicated-data"));
      s3.putObject(
          put -> put.bucket("acme-dedicated-data").key("theirs"),
          RequestBody.fromString("precious"));

      begin();
      MigrationReport report = migrations.awaitOutcome(ACME);

      assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(report.refusals()).anyMatch(refusal -> refusal.store().equals("objectStorage"));
      assertThat(BucketScan.keys(s3, "acme-dedicated-data", "")).containsExactly("theirs");
      s3.deleteObject(delete -> delete.bucket("acme-dedicated-data").key("theirs"));
      s3.deleteBucket(delete -> delete.bucket("acme-dedicated-data"));
    }
  }

  @Order(3)
  @Test
  void aCancelWhileCopyingLeavesNothingAndGivesTheTenantBack() throws InterruptedException {
    var before = devstack.controlPlane().tenantConfigs().find(ACME).orElseThrow();
    Map<String, StoreDigest> shared = new SharedSide(devstack.sides().shared()).read();

    begin();
    awaitCopying();
    migrations.cancel(ACME, "changed our mind", "an operator");
    MigrationReport report = migrations.awaitOutcome(ACME);

    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.cancelled()).isTrue();
    assertThat(leftovers()).isEmpty();
    assertThat(new SharedSide(devstack.sides().shared()).read()).isEqualTo(shared);
    assertThat(
            devstack
                .controlPlane()
                .tenantConfigs()
                .find(ACME)
                .orElseThrow()
                .differencesFrom(before))
        .isEmpty();
  }

  /**
   * Its sessions hold the tenant's tables, and its polls take work that it never does; the
   * in-memory server gives each of them a task, one after the other.
   */
  @Order(4)
  @Test
  @NeedsTemporalServer
  void aWorkerThatFreezesWhileItCopiesDoesNotKeepTheTenantFromWriting() throws Exception {
    Databases.execute(shared(), SampleDatabase.DATABASE, LARGE_TABLE);
    begin();
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !sessionsThatNobodyReads().isEmpty());
    signal("STOP");
    try (WorkerChild other = WorkerChild.startAnother(devstack, "worker-beside")) {
      Instant asked = Instant.now();
      migrations.cancel(ACME, "a worker hangs", "an operator");
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(200))
          .until(InterruptedMigrationIT::isActiveAndWriting);
      log.info("writing {} after the cancel", Duration.between(asked, Instant.now()));

      signal("CONT");
      assertThat(migrations.awaitOutcome(ACME).outcome()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(leftovers()).isEmpty();
      assertThat(other.handle().isAlive()).isTrue();
    }
    Databases.execute(shared(), SampleDatabase.DATABASE, "DROP TABLE shared_schema.large");
  }

  private static Side shared() {
    return devstack.sides().shared();
  }

  private static List<String> sessionsThatNobodyReads() {
    return Databases.query(
        shared(),
        "postgres",
        "SELECT pid FROM pg_stat_activity WHERE wait_event = 'ClientWrite'"
            + " AND application_name LIKE 'tenant-migration %' AND query LIKE 'COPY%'");
  }

  private static boolean isActiveAndWriting() {
    TenantConfig config = devstack.controlPlane().tenantConfigs().find(ACME).orElseThrow();
    if (config.state() != TenantConfig.State.ACTIVE) {
      return false;
    }
    Databases.execute(
        shared(),
        SampleDatabase.DATABASE,
        "UPDATE shared_schema.large SET body = 'written' WHERE id = 1");
    return true;
  }

  /** Stops the worker's process where it stands, or lets it continue. */
  private static void signal(String name) throws IOException, InterruptedException {
    String pid = String.valueOf(worker.handle().pid());
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
  }

  /** One migration is hit twice: its worker is killed, and the last act's answer is lost. */
  @Order(5)
  @Test
  void aKilledWorkerIsReplacedAndTheLastActWhoseReplyIsLostIsNotUndone() throws Exception {
    begin();
    awaitPhase(Phase.COPY);
    assertThat(worker.handle().destroyForcibly()).isTrue();
    worker.close();
    try (LostReply lost = new LostReply(controlPlane(), LAST_ACT, () -> activations() > 0)) {
      configureWorker(controlPlane().getPort(), lost.port());
      worker = WorkerChild.start(devstack);
      MigrationReport report = migrations.awaitOutcome(ACME);

      assertThat(lost.cuts()).isOne();
      assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
      assertThat(report.rollback()).isEmpty();
      assertThat(OutcomeClaims.allChecksPassed(report).evidence()).endsWith("comparisons");
      TenantConfig config = devstack.controlPlane().tenantConfigs().find(ACME).orElseThrow();
      assertThat(config.state()).isEqualTo(TenantConfig.State.ACTIVE);
      assertThat(config.databaseUrl()).isEqualTo(dedicated.jdbcUrl("acme"));
      assertThat(activations()).isOne();
    }
  }

  /** Where the control plane's server listens. */
  private static InetSocketAddress controlPlane() {
    URI address = URI.create("tcp://" + devstack.sides().shared().pgHost());
    return new InetSocketAddress(address.getHost(), address.getPort());
  }

  /** Lets the next worker reach the control plane through another port. */
  private static void configureWorker(int port, int other) throws IOException {
    Path file = devstack.settings().workerConfiguration();
    String direct = Files.readString(file);
    String rerouted = direct.replace(":" + port + "/control", ":" + other + "/control");
    assertThat(rerouted).isNotEqualTo(direct);
    Files.writeString(file, rerouted);
  }

  private static long activations() {
    return devstack.controlPlane().auditTrail().list(ACME).stream()
        .filter(line -> line.event().equals("TENANT_ACTIVATED"))
        .count();
  }

  private static void begin() {
    var started =
        migrations.start(
            new RequestReader(new YAMLFactory())
                .read(devstack.request(Isolation.ROWS))
                .request()
                .orElseThrow()
                .in(Mode.OFFLINE));
    assertThat(started.alreadyRunning()).isFalse();
  }

  private static void awaitPhase(Phase phase) {
    awaitLook(live -> live.phase() == phase);
  }

  /** Waits until a copy has said how far it is. */
  private static void awaitCopying() {
    awaitLook(
        live ->
            live.phase() == Phase.COPY
                && live.activities().stream().anyMatch(activity -> activity.progress() != null));
  }

  private static void awaitLook(Predicate<LiveMigration> seen) {
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> migrations.look(ACME).filter(seen).isPresent());
  }

  private static List<String> leftovers() {
    return new DedicatedSide(
            devstack.sides().shared(), dedicated, SampleTenant.ACME, SampleTenant.GLOBEX)
        .leftovers();
  }
}
