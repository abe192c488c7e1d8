package com.matih.tenantmigration.activities.objectstorage.content;

import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * What an object has that not every bucket can give its copy. It comes with the headers of a read
 * and goes with those of a write, so it costs no request of its own.
 *
 * @param storageClass {@code null} for the bucket's default class
 */
public record BucketTraits(@Nullable String storageClass, ObjectLock lock) {

  private static final Set<String> ARCHIVED = Set.of("GLACIER", "DEEP_ARCHIVE");

  public static BucketTraits of(GetObjectResponse object) {
    return new BucketTraits(readable(object.storageClassAsString()), ObjectLock.of(object));
  }

  public static BucketTraits of(HeadObjectResponse object) {
    return new BucketTraits(readable(object.storageClassAsString()), ObjectLock.of(object));
  }

  /** Whether objects of the class cannot be read before they are restored. */
  public static boolean isArchived(String storageClass) {
    return ARCHIVED.contains(storageClass);
  }

  /** An archived copy could not be read again; that of an object that was restored is not. */
  private static @Nullable String readable(@Nullable String storageClass) {
    return storageClass == null || storageClass.equals("STANDARD") || isArchived(storageClass)
        ? null
        : storageClass;
  }

  /** What of it that bucket can keep, as far as that is known before a write. */
  public BucketTraits keptIn(ObjectStore bucket) {
    return lock.isSet() && !bucket.locksObjects()
        ? new BucketTraits(storageClass, ObjectLock.NONE)
        : this;
  }

  /** Whether a copy that has no storage class, or another one, has not kept this one. */
  public boolean hasOtherClassThan(BucketTraits copy) {
    return storageClass != null && !Objects.equals(storageClass, copy.storageClass);
  }
}
