package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
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
  private final @Nullable String after;
  private final @Nullable String upTo;
  private Iterator<S3Object> page = Collections.emptyIterator();
  private @Nullable String continuation;
  private boolean lastPage;
  private @Nullable String previousKey;
  private Instant answeredAt = Instant.MAX;

  public ObjectListing(ObjectStore store, ProgressMonitor monitor) {
    this(store, KeyRange.ALL, monitor);
  }

  /** Lists the objects whose names lie in the range. */
  public ObjectListing(ObjectStore store, KeyRange range, ProgressMonitor monitor) {
    this.store = store;
    this.monitor = monitor;
    this.after = range.after() == null ? null : store.prefix() + range.after();
    this.upTo = range.upTo() == null ? null : store.prefix() + range.upTo();
    this.previousKey = after;
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

  /**
   * When the server answered with the object that was taken last, by its own clock to the second;
   * to be asked before it is asked whether there is another one.
   */
  public Instant answeredAt() {
    return answeredAt;
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
                            .startAfter(continuation == null ? after : null)
                            .continuationToken(continuation)));
    List<S3Object> inRange =
        answer.contents().stream().takeWhile(object -> isInRange(object.key())).toList();
    page = inRange.iterator();
    answeredAt = ServerClock.of(answer);
    continuation = answer.nextContinuationToken();
    lastPage =
        !Boolean.TRUE.equals(answer.isTruncated())
            || continuation == null
            || inRange.size() < answer.contents().size();
  }

  private boolean isInRange(String key) {
    return upTo == null || KeyOrder.INSTANCE.compare(key, upTo) <= 0;
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
