package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.throttle.PushBack;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * One prefix in one bucket, over a client that ends with it, and at once when the work must stop:
 * no interrupt reaches a thread that waits for a server's answer. Keys are opaque: nothing here
 * trims, normalizes or otherwise interprets them.
 */
public final class ObjectStore implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ObjectStore.class);

  private final S3Client client;
  private final Location location;
  private final ProgressMonitor monitor;
  private final ProgressMonitor.Registration interruption;
  private final PushBack pushBack;
  private final Set<String> refusedClasses = ConcurrentHashMap.newKeySet();
  private volatile boolean withoutTagging;
  private volatile @Nullable BucketLock lock;

  ObjectStore(S3Client client, Location location, ProgressMonitor monitor) {
    this.client = client;
    this.location = location;
    this.monitor = monitor;
    this.pushBack = new PushBack(location.uri());
    this.interruption = monitor.onCancel(client::close);
  }

  public Location location() {
    return location;
  }

  public String bucket() {
    return location.bucket();
  }

  public String prefix() {
    return location.prefix();
  }

  /** How people and messages name an object of this store. */
  public String uri(String key) {
    return "s3://" + bucket() + "/" + key;
  }

  /**
   * Sends a request.
   *
   * @param attempted what is attempted on what, for the failure's message
   * @throws com.matih.tenantmigration.workflow.MigrationException as {@link ObjectStorageFailures}
   *     says
   */
  public <T> T call(String attempted, Function<S3Client, T> request) {
    try {
      return send(request);
    } catch (SdkException e) {
      throw ObjectStorageFailures.translate(attempted + place(), e);
    }
  }

  /**
   * Sends a request whose refusal by the server the caller understands itself.
   *
   * @throws S3Exception as the server answered; what prevents an answer is translated
   */
  public <T> T ask(String attempted, Function<S3Client, T> request) {
    try {
      return send(request);
    } catch (S3Exception e) {
      throw e;
    } catch (SdkException e) {
      throw ObjectStorageFailures.translate(attempted + place(), e);
    }
  }

  private <T> T send(Function<S3Client, T> request) {
    return pushBack.send(
        monitor,
        () -> sendOnce(request),
        answered -> false,
        S3Errors::saysToSlowDown,
        S3Exception.class::isInstance);
  }

  /** A client that was closed because the work must stop throws what does not say so. */
  private <T> T sendOnce(Function<S3Client, T> request) {
    try {
      T answer = request.apply(client);
      monitor.moved();
      return answer;
    } catch (SdkException | IllegalStateException e) {
      monitor.throwIfCancelled();
      throw e;
    }
  }

  /** Where the server is, for a failure's message; empty for a region's own. */
  private String place() {
    String endpoint = location.endpoint();
    return endpoint == null
        ? ""
        : " at " + URI.create(endpoint).getRawAuthority().replaceFirst(".*@", "");
  }

  /** What the bucket holds below the prefix, at one glance. */
  public Occupancy look() {
    try {
      boolean empty =
          ask(
                  "look into " + location.uri(),
                  s3 ->
                      s3.listObjectsV2(
                          list ->
                              list.bucket(bucket())
                                  .prefix(prefix())
                                  .encodingType(EncodingType.URL)
                                  .maxKeys(1)))
              .contents()
              .isEmpty();
      return empty ? Occupancy.EMPTY : Occupancy.OCCUPIED;
    } catch (S3Exception e) {
      if (ObjectStorageFailures.hasCode(e, "NoSuchBucket")) {
        return Occupancy.NO_BUCKET;
      }
      throw ObjectStorageFailures.translate("look into " + location.uri() + place(), e);
    }
  }

  /** Whether there is a bucket, and anything below the prefix. */
  public enum Occupancy {
    NO_BUCKET,
    EMPTY,
    OCCUPIED
  }

  public HeadObjectResponse head(String key) {
    return call(
        "read the metadata of " + uri(key), s3 -> s3.headObject(h -> h.bucket(bucket()).key(key)));
  }

  /** The same where the object may be gone. */
  public Optional<HeadObjectResponse> find(String key) {
    String attempted = "read the metadata of " + uri(key);
    try {
      return Optional.of(ask(attempted, s3 -> s3.headObject(h -> h.bucket(bucket()).key(key))));
    } catch (S3Exception e) {
      if (e.statusCode() == 404) {
        return Optional.empty();
      }
      throw ObjectStorageFailures.translate(attempted + place(), e);
    }
  }

  /** Whether the bucket locks objects, as far as the key may know; asked once. */
  public boolean locksObjects() {
    BucketLock known = lock;
    if (known == null) {
      known = BucketLock.of(this);
      lock = known;
    }
    return known.state() == BucketLock.State.ENABLED;
  }

  /**
   * Writes in a storage class, or in the bucket's default class where the server does not take that
   * one: servers have different classes, and none says which.
   *
   * @param storageClass {@code null} for the default class
   * @param write sends the write in the class that it is given, {@code null} as well
   */
  public <T> T inClass(@Nullable String storageClass, Function<@Nullable String, T> write) {
    if (storageClass == null || refusedClasses.contains(storageClass)) {
      return write.apply(null);
    }
    try {
      return write.apply(storageClass);
    } catch (S3Exception | MigrationException e) {
      if (!mayBeOfClass(e)) {
        throw e;
      }
      T written = write.apply(null);
      refusedClasses.add(storageClass);
      log.info(
          "{} does not take storage class {}: {}", location.uri(), storageClass, e.getMessage());
      return written;
    }
  }

  private static boolean mayBeOfClass(RuntimeException failure) {
    return (failure instanceof S3Exception ? failure : failure.getCause()) instanceof S3Exception e
        && (e.statusCode() == 400 || ObjectStorageFailures.isNotImplemented(e))
        && !S3Errors.saysArrivedDamaged(e);
  }

  /** An object's tags in a fixed order; none where the server knows no tags. */
  public Map<String, String> tags(String key) {
    if (withoutTagging) {
      return Map.of();
    }
    String attempted = "read the tags of " + uri(key);
    try {
      GetObjectTaggingResponse answer =
          ask(attempted, s3 -> s3.getObjectTagging(get -> get.bucket(bucket()).key(key)));
      Map<String, String> tags = new TreeMap<>();
      for (Tag tag : answer.tagSet()) {
        // some servers answer no Value where it is empty
        tags.put(tag.key(), tag.value() == null ? "" : tag.value());
      }
      return tags;
    } catch (S3Exception e) {
      if (ObjectStorageFailures.hasCode(e, "NoSuchTagSet")
          || ObjectStorageFailures.hasCode(e, "NoSuchTagSetError")) {
        return Map.of(); // as some servers say of an object without tags
      }
      if (ObjectStorageFailures.isNotImplemented(e)) {
        withoutTagging = true;
        return Map.of();
      }
      throw ObjectStorageFailures.translate(attempted, e);
    }
  }

  /** Gives an object these tags in place of all that it has. */
  public void putTags(String key, Map<String, String> tags) {
    if (tags.isEmpty()) {
      var unused =
          call(
              "remove the tags of " + uri(key),
              s3 -> s3.deleteObjectTagging(delete -> delete.bucket(bucket()).key(key)));
      return;
    }
    var set =
        tags.entrySet().stream()
            .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
            .toList();
    var unused =
        call(
            "write the tags of " + uri(key),
            s3 ->
                s3.putObjectTagging(
                    put -> put.bucket(bucket()).key(key).tagging(tagging -> tagging.tagSet(set))));
  }

  @Override
  public void close() {
    interruption.close();
    client.close();
  }
}
