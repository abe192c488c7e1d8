package com.matih.tenantmigration.activities.objectstorage;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectStorageSourceQuiet;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectStorageTenantLeak;
import com.matih.tenantmigration.activities.objectstorage.compare.PointObjectChecks;
import com.matih.tenantmigration.activities.objectstorage.follow.FollowSettings;
import com.matih.tenantmigration.activities.objectstorage.follow.ObjectDrain;
import com.matih.tenantmigration.activities.objectstorage.follow.ObjectFollower;
import com.matih.tenantmigration.activities.objectstorage.provision.BucketProvisioner;
import com.matih.tenantmigration.activities.objectstorage.provision.ObjectRemover;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.embedded.workload.objects.ObjectPlace;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The steps of a move of objects while the tenant works. */
final class OnlineObjectsLab implements AutoCloseable {

  /** Small chunks, so that they are cut and walked over side by side with few objects. */
  static final FollowSettings SMALL_CHUNKS =
      new FollowSettings(
          20,
          30,
          2,
          Duration.ofSeconds(2),
          Duration.ofMillis(100),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1));

  final TestBuckets buckets;
  final MigrationContext context;
  final MigrationContext working;
  final ObjectFollower follower;
  final ObjectDrain drain;

  OnlineObjectsLab() {
    this(SMALL_CHUNKS, 8);
  }

  OnlineObjectsLab(FollowSettings settings, int concurrency) {
    this(settings, concurrency, false);
  }

  /** A move that compares metadata and tags of all objects in each pass. */
  static OnlineObjectsLab checkingMetadata() {
    return new OnlineObjectsLab(SMALL_CHUNKS, 8, true);
  }

  private OnlineObjectsLab(FollowSettings settings, int concurrency, boolean checkMetadata) {
    this.buckets = new TestBuckets("moved/", concurrency);
    ObjectStorageSpec spec = buckets.spec();
    MigrationContext ofBuckets =
        buckets.context(
            new ObjectStorageSpec(spec.source(), spec.target(), concurrency, false, checkMetadata));
    // the journal outlives a run, the numbers of buckets begin anew
    this.context =
        new MigrationContext(
            TestJournal.newMigrationId(),
            ofBuckets.workflowId(),
            ofBuckets.runId(),
            ofBuckets.request());
    this.working = context.whileTenantWorks();
    this.follower =
        new ObjectFollower(
            TestBuckets.STORES, TestBuckets.journal(), TestGuard.permitting(), settings);
    this.drain =
        new ObjectDrain(
            TestBuckets.STORES, TestBuckets.journal(), TestGuard.permitting(), settings);
    new BucketProvisioner(TestBuckets.STORES, TestBuckets.journal())
        .provision(context, ProgressMonitor.unmonitored());
  }

  ObjectPlace shared() {
    return new ObjectPlace(
        TestServers.s3(), buckets.spec().source().bucket(), buckets.spec().source().prefix());
  }

  ObjectPlace neighbours() {
    return new ObjectPlace(TestServers.s3(), buckets.spec().source().bucket(), "tenants/globex/");
  }

  ObjectPlace dedicated() {
    Location target = buckets.spec().target();
    return new ObjectPlace(TestServers.dedicatedS3(), target.bucket(), target.prefix());
  }

  StoresSummary copy(ProgressMonitor monitor) {
    return follower.copy(working, monitor);
  }

  void catchUp() {
    catchUp(ProgressMonitor.unmonitored());
  }

  void catchUp(ProgressMonitor monitor) {
    follower.follow(working, Following.UNTIL_CAUGHT_UP, monitor);
  }

  /** What the checks find, by what they look for. */
  Map<String, Finding> check(MigrationContext as) {
    PointObjectChecks checks = new PointObjectChecks(TestBuckets.STORES, TestBuckets.journal());
    ProgressMonitor monitor = ProgressMonitor.unmonitored();
    Map<String, Finding> findings = new LinkedHashMap<>();
    findings.put("contents", checks.contents(as, monitor));
    findings.put("counts", checks.counts(as, monitor));
    findings.put("sizes", checks.sizes(as, monitor));
    findings.put(
        "leaks",
        new ObjectStorageTenantLeak(TestBuckets.STORES, TestBuckets.journal())
            .findForeign(as, monitor));
    return findings;
  }

  Drained drain() {
    return drain.drain(context, ProgressMonitor.unmonitored());
  }

  Finding lateWrites() {
    return new ObjectStorageSourceQuiet(TestBuckets.STORES, TestBuckets.journal())
        .findWrites(context, ProgressMonitor.unmonitored());
  }

  RollbackStep rollBack() {
    return new ObjectRemover(TestBuckets.STORES, TestBuckets.journal(), TestGuard.permitting())
        .remove(context, ProgressMonitor.unmonitored());
  }

  @Override
  public void close() {
    buckets.close();
  }
}
