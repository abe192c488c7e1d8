package com.matih.tenantmigration.activities.objectstorage;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.S3Server;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import com.matih.tenantmigration.workflow.request.OnRollback;
import com.matih.tenantmigration.workflow.request.SnapshotSpec;
import com.matih.tenantmigration.workflow.request.TierChange;
import com.matih.tenantmigration.workflow.request.VerificationSpec;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A shared bucket with the prefix of a tenant in it, and the place for a dedicated one. */
public final class TestBuckets implements AutoCloseable {

  public static final ObjectStores STORES = new ObjectStores(TestSecrets.of(name -> null));

  /** A server may outlive the classes of its tests. */
  private static final String RUN = UUID.randomUUID().toString().substring(0, 8);

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final ControlPlane CONTROL = openControlPlane();

  private final int number = COUNT.incrementAndGet();
  private final ObjectStorageSpec spec;
  private final ObjectStore source;
  private final ObjectStore target;

  public TestBuckets() {
    this("");
  }

  public TestBuckets(String targetPrefix) {
    this(targetPrefix, 8);
  }

  public TestBuckets(String targetPrefix, int concurrency) {
    this.spec =
        new ObjectStorageSpec(
            location(TestServers.s3(), "shared-data-%s-%d".formatted(RUN, number), "tenants/acme/"),
            location(
                TestServers.dedicatedS3(), "acme-data-%s-%d".formatted(RUN, number), targetPrefix),
            concurrency);
    this.source = open(spec.source());
    this.target = open(spec.target());
    createBucket(source);
  }

  public static ObjectStore open(Location location) {
    return STORES.open(location, ProgressMonitor.unmonitored());
  }

  public static Location location(S3Server server, String bucket, String prefix) {
    return new Location(
        server.endpoint(), "us-east-1", bucket, prefix, server.accessKey(), server.secretKey());
  }

  public static MigrationJournal journal() {
    return CONTROL.journal();
  }

  public ObjectStorageSpec spec() {
    return spec;
  }

  public ObjectStore source() {
    return source;
  }

  public ObjectStore target() {
    return target;
  }

  public MigrationContext context() {
    return context(spec);
  }

  public MigrationContext context(ObjectStorageSpec changed) {
    return context(changed, "file:/tmp");
  }

  public MigrationContext context(ObjectStorageSpec changed, String snapshot) {
    MigrationRequest request =
        new MigrationRequest(
            "acme",
            "acme",
            new TierChange("STARTER", "ENTERPRISE"),
            Mode.OFFLINE,
            Approval.AUTOMATIC,
            OnRollback.DROP,
            Duration.ofSeconds(1),
            null,
            new SnapshotSpec(snapshot),
            null,
            changed,
            null,
            null,
            null,
            VerificationSpec.NONE);
    return new MigrationContext("%012x".formatted(number), "tenant-migration-acme", "run", request);
  }

  public static void createBucket(ObjectStore store) {
    var unused =
        store.call(
            "create a bucket", s3 -> s3.createBucket(create -> create.bucket(store.bucket())));
  }

  /** Puts an object below the store's prefix. */
  public static void put(ObjectStore store, String name, String content) {
    put(store, name, content.getBytes(StandardCharsets.UTF_8));
  }

  public static void put(ObjectStore store, String name, byte[] content) {
    var unused =
        store.call(
            "put " + name,
            s3 ->
                s3.putObject(
                    put -> put.bucket(store.bucket()).key(store.prefix() + name),
                    RequestBody.fromBytes(content)));
  }

  /** All keys of the store's bucket. */
  public static List<String> keys(ObjectStore store) {
    return store.call(
        "list",
        s3 ->
            s3.listObjectsV2Paginator(list -> list.bucket(store.bucket())).contents().stream()
                .map(S3Object::key)
                .toList());
  }

  public static byte[] content(ObjectStore store, String key) {
    return store.call(
        "get " + key,
        s3 -> s3.getObjectAsBytes(get -> get.bucket(store.bucket()).key(key)).asByteArray());
  }

  private static ControlPlane openControlPlane() {
    var postgres = TestServers.postgres();
    String database = "objects_" + RUN;
    try (Connection connection =
            DriverManager.getConnection(
                postgres.jdbcUrl("postgres"), postgres.user(), postgres.password());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + database);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    ControlPlane control =
        ControlPlane.open(postgres.jdbcUrl(database), postgres.user(), postgres.password());
    control.upgrade();
    return control;
  }

  @Override
  public void close() {
    source.close();
    target.close();
  }
}
