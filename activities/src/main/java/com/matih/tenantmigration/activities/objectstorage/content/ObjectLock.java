package com.matih.tenantmigration.activities.objectstorage.content;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * What keeps an object from being deleted (Object Lock): a retention, a legal hold, or both.
 *
 * @param mode of the retention, such as COMPLIANCE; {@code null} without one
 * @param retainUntil when the retention ends; {@code null} without one
 */
public record ObjectLock(@Nullable String mode, @Nullable Instant retainUntil, boolean legalHold) {

  static final ObjectLock NONE = new ObjectLock(null, null, false);

  /** S3 refuses a retention that has ended when the copy is written. */
  private static final Duration ENDING = Duration.ofMinutes(1);

  /** A retention that has ended, or is about to, is none. */
  public ObjectLock {
    if (mode == null || retainUntil == null || retainUntil.isBefore(Instant.now().plus(ENDING))) {
      mode = null;
      retainUntil = null;
    }
  }

  public static ObjectLock of(GetObjectResponse object) {
    return new ObjectLock(
        object.objectLockModeAsString(),
        object.objectLockRetainUntilDate(),
        object.objectLockLegalHoldStatus() == ObjectLockLegalHoldStatus.ON);
  }

  public static ObjectLock of(HeadObjectResponse object) {
    return new ObjectLock(
        object.objectLockModeAsString(),
        object.objectLockRetainUntilDate(),
        object.objectLockLegalHoldStatus() == ObjectLockLegalHoldStatus.ON);
  }

  public boolean isSet() {
    return mode != null || legalHold;
  }

  /** For what is attempted with it, which is a right of its own. */
  public String inWords() {
    return isSet() ? " with its Object Lock" : "";
  }

  /** Whether a copy with the other lock is kept as long as this object, and from everybody. */
  public boolean isKeptBy(ObjectLock copy) {
    boolean isHeld = copy.legalHold || !legalHold;
    boolean isRetained =
        retainUntil == null
            || (mode != null
                && mode.equals(copy.mode)
                && copy.retainUntil != null
                && !copy.retainUntil.isBefore(retainUntil.minusSeconds(1)));
    return isHeld && isRetained;
  }

  void applyTo(PutObjectRequest.Builder put) {
    put.objectLockMode(mode)
        .objectLockRetainUntilDate(retainUntil)
        .objectLockLegalHoldStatus(holdStatus());
  }

  public void applyTo(CreateMultipartUploadRequest.Builder create) {
    create
        .objectLockMode(mode)
        .objectLockRetainUntilDate(retainUntil)
        .objectLockLegalHoldStatus(holdStatus());
  }

  void applyTo(CopyObjectRequest.Builder copy) {
    copy.objectLockMode(mode)
        .objectLockRetainUntilDate(retainUntil)
        .objectLockLegalHoldStatus(holdStatus());
  }

  private @Nullable ObjectLockLegalHoldStatus holdStatus() {
    return legalHold ? ObjectLockLegalHoldStatus.ON : null;
  }
}
