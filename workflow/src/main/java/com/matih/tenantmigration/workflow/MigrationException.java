package com.matih.tenantmigration.workflow;

import org.jspecify.annotations.Nullable;

/**
 * A failure that an operator can read: what failed, on which object, and what to do.
 *
 * <p>Its message goes into Temporal's history, the audit trail and the report, so it never holds a
 * secret. The cause is for the worker's log alone and does not travel.
 */
public final class MigrationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final FailureType type;

  public MigrationException(FailureType type, String message) {
    this(type, message, null);
  }

  public MigrationException(FailureType type, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.type = type;
  }

  public FailureType type() {
    return type;
  }
}
