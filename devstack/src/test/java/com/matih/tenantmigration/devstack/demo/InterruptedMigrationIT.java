package com.matih.tenantmigration.devstack.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.devstack.Devstack;
import com.matih.tenantmigration.devstack.WorkerChild;
import com.matih.tenantmigration.devstack.clusters.BucketScan;
import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.starter.LiveMigration;
import com.matih.tenantmigration.starter.TemporalService;
import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.RequestReader;
import java.nio.file.Path;
import java.time.Duration;
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
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What comes in a migration's way: somebody else's database or bucket, a cancel, a killed worker.
 * The worker is a process of its own; the last migration is the one that succeeds.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InterruptedMigrationIT {

  private static final String ACME = SampleTenant.ACME.id();

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

  @Order(4)
  @Test
  void aWorkerKilledWhileCopyingIsReplacedAndTheCopyIsExact() throws InterruptedException {
    begin();
    awaitPhase(Phase.COPY);
    assertThat(worker.handle().destroyForcibly()).isTrue();
    worker.close();
    worker = WorkerChild.start(devstack);
    MigrationReport report = migrations.awaitOutcome(ACME);

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(OutcomeClaims.allChecksPassed(report).evidence()).endsWith("comparisons");
  }

  private static void begin() {
    var started =
        migrations.start(
            new RequestReader(new YAMLFactory())
                .read(devstack.request(Isolation.ROWS))
                .request()
                .orElseThrow());
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
