package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.workflow.MigrationException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.DefaultRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Whether a bucket can lock objects (Object Lock), which is decided when it is created.
 *
 * @param defaultRetention the retention that each new object gets, in words; {@code null} for none
 */
public record BucketLock(State state, @Nullable String defaultRetention) {

  private static final Logger log = LoggerFactory.getLogger(BucketLock.class);

  private static final BucketLock DISABLED = new BucketLock(State.DISABLED, null);

  /** What the bucket says. */
  public enum State {
    DISABLED,
    ENABLED,
    /** The key may not ask. */
    UNKNOWN
  }

  /** Asks the bucket. */
  public static BucketLock of(ObjectStore store) {
    String attempted = "read the Object Lock configuration of bucket " + store.bucket();
    try {
      ObjectLockConfiguration answer =
          store
              .ask(
                  attempted, s3 -> s3.getObjectLockConfiguration(get -> get.bucket(store.bucket())))
              .objectLockConfiguration();
      return answer != null && answer.objectLockEnabled() == ObjectLockEnabled.ENABLED
          ? new BucketLock(State.ENABLED, inWords(answer))
          : DISABLED;
    } catch (S3Exception e) {
      MigrationException failure = ObjectStorageFailures.translate(attempted, e);
      if (failure.type().retryable() && !ObjectStorageFailures.isNotImplemented(e)) {
        throw failure;
      }
      if (ObjectStorageFailures.isDenied(e)) {
        log.info("could not tell whether bucket {} locks objects", store.bucket(), failure);
        return new BucketLock(State.UNKNOWN, null);
      }
      return DISABLED;
    }
  }

  private static @Nullable String inWords(ObjectLockConfiguration configuration) {
    return Optional.ofNullable(configuration.rule())
        .map(rule -> rule.defaultRetention())
        .filter(retention -> retention.modeAsString() != null)
        .map(retention -> retention.modeAsString() + ", " + period(retention))
        .orElse(null);
  }

  private static String period(DefaultRetention retention) {
    return retention.years() == null || retention.years() == 0
        ? retention.days() + " days"
        : retention.years() + " years";
  }
}
