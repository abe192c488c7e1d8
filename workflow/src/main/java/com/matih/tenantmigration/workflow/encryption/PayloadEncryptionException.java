package com.matih.tenantmigration.workflow.encryption;

import io.temporal.payload.codec.PayloadCodecException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A payload that this process cannot decrypt, or a setting of the encryption that it cannot use;
 * the message names the key or the setting, and never a key's value.
 *
 * <p>In a workflow it fails the workflow's task, which Temporal gives to a worker again, and not
 * the migration: another worker may have the key.
 */
public final class PayloadEncryptionException extends PayloadCodecException {

  private static final long serialVersionUID = 1L;

  public PayloadEncryptionException(String message) {
    super(message);
  }

  PayloadEncryptionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The one that a failure of Temporal's client comes of, if any. */
  public static Optional<PayloadEncryptionException> causing(Throwable failure) {
    return Stream.<@Nullable Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(PayloadEncryptionException.class::isInstance)
        .map(PayloadEncryptionException.class::cast)
        .findFirst();
  }
}
