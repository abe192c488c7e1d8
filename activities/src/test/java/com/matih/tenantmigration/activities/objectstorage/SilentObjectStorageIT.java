package com.matih.tenantmigration.activities.objectstorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.snapshot.AbandonableOutput;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.objectstorage.client.UploadsInProgress;
import com.matih.tenantmigration.activities.objectstorage.compare.ListingComparison;
import com.matih.tenantmigration.activities.objectstorage.content.PartLayout;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.activities.objectstorage.plan.ObjectStoragePlanner;
import com.matih.tenantmigration.activities.objectstorage.provision.BucketProvisioner;
import com.matih.tenantmigration.activities.objectstorage.provision.ObjectRemover;
import com.matih.tenantmigration.activities.objectstorage.snapshot.S3SnapshotStorage;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.Silence;
import com.matih.tenantmigration.activities.testing.SilentStoreContract;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.embedded.S3Server;
import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A cancel while one of the two storages answers nothing any more, in each phase that uses it. */
@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class SilentObjectStorageIT implements SilentStoreContract<SilentObjectStorageIT.Phase> {

  private static final int TWO_PARTS = 2 * PartLayout.WHOLE_LIMIT;

  private TestBuckets buckets;
  private SilencedProxy shared;
  private SilencedProxy dedicated;

  /** Which side falls silent, and the text on whose arrival it does. */
  enum Phase implements SilentStoreContract.Phase {
    PLAN(true, "HTTP/1.1"),
    PROVISION(false, "HTTP/1.1"),
    COPY_LISTS(true, "list-type=2"),
    COPY_READS(true, "/tenants/acme/a"),
    COPY_WRITES(false, "PUT "),
    VERIFY(false, "HTTP/1.1"),
    REMOVE(false, "HTTP/1.1");

    private final boolean isShared;
    private final String text;

    Phase(boolean isShared, String text) {
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

  /** Starts two servers in the first test. */
  @BeforeEach
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void open() throws IOException {
    buckets = new TestBuckets();
    TestBuckets.put(buckets.source(), "a", "content of a");
    shared = before(TestServers.s3());
    dedicated = before(TestServers.dedicatedS3());
  }

  @AfterEach
  void close() throws IOException {
    shared.close();
    dedicated.close();
    buckets.close();
  }

  @Override
  public Silence.Work prepare(Phase phase) {
    if (phase != Phase.PLAN && phase != Phase.PROVISION) {
      new BucketProvisioner(TestBuckets.STORES, TestBuckets.journal())
          .provision(buckets.context(), ProgressMonitor.unmonitored());
    }
    MigrationContext context = buckets.context(throughProxies());
    return monitor -> work(phase, context, monitor);
  }

  private static void work(Phase phase, MigrationContext context, CancellableMonitor monitor) {
    Object unused =
        switch (phase) {
          case PLAN -> new ObjectStoragePlanner(TestBuckets.STORES).plan(context, monitor);
          case PROVISION -> {
            new BucketProvisioner(TestBuckets.STORES, TestBuckets.journal())
                .provision(context, monitor);
            yield phase;
          }
          case COPY_LISTS, COPY_READS, COPY_WRITES ->
              new ObjectCopier(TestBuckets.STORES, TestBuckets.journal()).copy(context, monitor);
          case VERIFY -> new ListingComparison(TestBuckets.STORES).compareCounts(context, monitor);
          case REMOVE ->
              new ObjectRemover(TestBuckets.STORES, TestBuckets.journal(), TestGuard.permitting())
                  .remove(context, monitor);
        };
  }

  @Test
  void aCancelEndsASnapshotsWriteIntoASilentBucketAndItsClients() {
    SnapshotStorage storage = snapshotThrough(shared);

    var unused =
        Silence.assertCancelEnds(
            shared,
            "partNumber=2",
            monitor -> {
              OutputStream part = storage.write("rows/part-1");
              try {
                part.write(new byte[TWO_PARTS + 1]);
                part.close();
              } finally {
                AbandonableOutput.abandon(part);
              }
            });

    await().atMost(Silence.PROMISE).until(() -> shared.connections() == 0);
  }

  @Test
  void aPartThatIsGivenUpAfterACancelLeavesNoUploadAndNoClient() throws IOException {
    SnapshotStorage storage = snapshotThrough(shared);
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    try (WorkScope scope = WorkScope.enter(monitor)) {
      OutputStream part = storage.write("rows/part-1");
      part.write(new byte[TWO_PARTS]);
      assertThat(uploads()).isEqualTo(1);
      monitor.cancel();

      AbandonableOutput.abandon(part);
    }

    assertThat(uploads()).isZero();
    assertThat(storage.exists("rows/part-1")).isFalse();
    await().atMost(Silence.PROMISE).until(() -> shared.connections() == 0);
  }

  private int uploads() {
    return new UploadsInProgress(buckets.source()).ids().size();
  }

  /** A folder below the tenant's own prefix, so that uploads there are listed with it. */
  private SnapshotStorage snapshotThrough(SilencedProxy proxy) {
    ObjectStorageSpec spec = throughProxies();
    assertThat(spec.source().endpoint()).contains(proxy.address());
    return new S3SnapshotStorage.Provider(TestBuckets.STORES)
        .forMigration(
            buckets.context(
                spec, "s3://" + spec.source().bucket() + "/" + "tenants/acme/snapshots"));
  }

  private ObjectStorageSpec throughProxies() {
    ObjectStorageSpec spec = buckets.spec();
    return new ObjectStorageSpec(
        through(spec.source(), shared), through(spec.target(), dedicated), spec.concurrency());
  }

  private static Location through(Location location, SilencedProxy proxy) {
    return new Location(
        proxy.inUrl(String.valueOf(location.endpoint())),
        location.region(),
        location.bucket(),
        location.prefix(),
        location.accessKey(),
        location.secretKey());
  }

  private static SilencedProxy before(S3Server server) throws IOException {
    return SilencedProxy.before(URI.create(server.endpoint()).getPort());
  }
}
