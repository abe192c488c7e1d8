package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Lists the objects below a store's prefix in the order of their keys, one page in memory at a
 * time.
 *
 * <p>Keys travel URL-encoded, since XML cannot carry every character; the client decodes them where
 * the server says that it encoded them. Two listings are compared by walking both at once, so a
 * server that lists in another order is refused.
 */
public final class ObjectListing implements Iterator<ObjectEntry> {

  private final ObjectStore store;
  private final ProgressMonitor monitor;
  private Iterator<S3Object> page = Collections.emptyIterator();
  private @Nullable String continuation;
  private boolean lastPage;
  private @Nullable String previousKey;

  public ObjectListing(ObjectStore store, ProgressMonitor monitor) {
    this.store = store;
    this.monitor = monitor;
  }

  @Override
  public boolean hasNext() {
    while (!page.hasNext() && !lastPage) {
      fetch();
    }
    return page.hasNext();
  }

  @Override
  public ObjectEntry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    S3Object object = page.next();
    String key = object.key();
    requireOrder(key);
    return new ObjectEntry(
        key.substring(store.prefix().length()),
        key,
        object.size(),
        object.eTag() == null ? "" : object.eTag(),
        object.lastModified() == null ? Instant.EPOCH : object.lastModified(),
        object.storageClassAsString() == null ? "STANDARD" : object.storageClassAsString());
  }

  private void fetch() {
    monitor.throwIfCancelled();
    ListObjectsV2Response answer =
        store.call(
            "list " + store.location().uri(),
            s3 ->
                s3.listObjectsV2(
                    list ->
                        list.bucket(store.bucket())
                            .prefix(store.prefix())
                            .encodingType(EncodingType.URL)
                            .continuationToken(continuation)));
    page = answer.contents().iterator();
    continuation = answer.nextContinuationToken();
    lastPage = !Boolean.TRUE.equals(answer.isTruncated()) || continuation == null;
  }

  private void requireOrder(String key) {
    if (previousKey != null && KeyOrder.INSTANCE.compare(previousKey, key) >= 0) {
      throw new MigrationException(
          FailureType.NOT_MOVABLE,
          ("The server lists %s after %s, which is not the order of UTF-8 bytes that"
                  + " S3 requires. Rename one of the two.")
              .formatted(store.uri(key), store.uri(previousKey)));
    }
    previousKey = key;
  }
}
