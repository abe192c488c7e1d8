package com.matih.tenantmigration.activities.objectstorage.snapshot;

import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStorageFailures;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.SnapshotLocation;
import com.matih.tenantmigration.activities.objectstorage.content.ObjectWriter;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A snapshot's folder in a bucket. Each file opens a client of its own, which ends with the file's
 * stream, closed or abandoned, and with the cancel of the work that opened it.
 */
public final class S3SnapshotStorage implements SnapshotStorage {

  private final ObjectStores stores;
  private final Location folder;

  S3SnapshotStorage(ObjectStores stores, Location folder) {
    this.stores = stores;
    this.folder = folder;
  }

  /**
   * The snapshot that lies right at the location, read with the credentials of the process'
   * environment.
   *
   * @param location {@code s3://bucket/prefix}
   * @param endpoint the server's address, or {@code null} for the region's own
   * @throws MigrationException of type BAD_REQUEST for another form
   */
  public static S3SnapshotStorage at(
      ObjectStores stores, String location, @Nullable String endpoint, String region) {
    Location folder =
        SnapshotLocation.of(location, new Location(endpoint, region, "", "", null, null));
    if (folder == null) {
      throw new MigrationException(
          FailureType.BAD_REQUEST,
          "The snapshot location %s is neither file:/a/path nor s3://bucket/prefix."
              .formatted(location));
    }
    return new S3SnapshotStorage(stores, folder);
  }

  /** Finds the folder on the server, and with the credentials, of the request's object storage. */
  public static final class Provider implements SnapshotStorage.Provider {

    private final ObjectStores stores;

    public Provider(ObjectStores stores) {
      this.stores = stores;
    }

    /**
     * {@inheritDoc}
     *
     * @throws MigrationException of type BAD_REQUEST where the location is not in a bucket, or the
     *     request names no object storage
     */
    @Override
    public SnapshotStorage forMigration(MigrationContext context) {
      String location = context.request().snapshot().location();
      var spec = context.request().objectStorage();
      Location root = spec == null ? null : SnapshotLocation.of(location, spec.source());
      if (root == null) {
        throw new MigrationException(
            FailureType.BAD_REQUEST,
            "The snapshot location %s cannot be used: a snapshot in a bucket needs s3://bucket/prefix"
                    .formatted(location)
                + " and objectStorage.source, whose server and credentials it uses.");
      }
      return new S3SnapshotStorage(
          stores,
          new Location(
              root.endpoint(),
              root.region(),
              root.bucket(),
              "%s%s/%s/".formatted(root.prefix(), context.tenant(), context.migrationId()),
              root.accessKey(),
              root.secretKey(),
              root.caFile()));
    }
  }

  @Override
  public String location() {
    return folder.uri().substring(0, folder.uri().length() - 1);
  }

  @Override
  public OutputStream write(String name) {
    return new ObjectWriter(
        stores.open(folder, WorkScope.current()), () -> stores.openToTidyUp(folder), key(name));
  }

  @Override
  public InputStream read(String name) {
    ObjectStore store = stores.open(folder, WorkScope.current());
    try {
      InputStream content =
          store.call(
              "read " + store.uri(key(name)),
              s3 -> s3.getObject(get -> get.bucket(store.bucket()).key(key(name))));
      return new ClosingInputStream(content, store);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  @Override
  public boolean exists(String name) {
    try (ObjectStore store = stores.open(folder, WorkScope.current())) {
      String attempted = "look for " + store.uri(key(name));
      try {
        var unused =
            store.ask(
                attempted, s3 -> s3.headObject(head -> head.bucket(store.bucket()).key(key(name))));
        return true;
      } catch (S3Exception e) {
        if (e.statusCode() == 404) {
          return false;
        }
        throw ObjectStorageFailures.translate(attempted, e);
      }
    }
  }

  private String key(String name) {
    return folder.prefix() + name;
  }

  /** Closes the client with the content. */
  private static final class ClosingInputStream extends FilterInputStream {

    private final ObjectStore store;

    ClosingInputStream(InputStream content, ObjectStore store) {
      super(content);
      this.store = store;
    }

    @Override
    public void close() throws IOException {
      try (store) {
        super.close();
      }
    }
  }
}
