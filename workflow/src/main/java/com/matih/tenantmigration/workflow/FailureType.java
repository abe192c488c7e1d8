package com.matih.tenantmigration.workflow;

/** Why an activity failed: stable names that the workflow, its history and operators share. */
public enum FailureType {
  /** The request cannot be carried out as it is written. */
  BAD_REQUEST(false),
  /** A secret reference names nothing that the worker has. */
  SECRET_MISSING(false),
  /** A store refused our credentials or rights. */
  PERMISSION_DENIED(false),
  /** What should be created exists already and is somebody else's. */
  TARGET_NOT_EMPTY(false),
  /** An object of the source has a form that cannot be moved. */
  NOT_MOVABLE(false),
  /** Transactions that began before the fence did not end in time. */
  DRAIN_TIMED_OUT(false),
  /** The tenant's configuration was changed by somebody else meanwhile. */
  CONFIGURATION_CONFLICT(false),
  /**
   * The control plane does not prove that the tenant is not served from what should be removed; it
   * was left.
   */
  TENANT_IS_LIVE(false),
  /** The migration's record says that it has ended; a run of it that is reset touches nothing. */
  MIGRATION_ENDED(false),
  /**
   * Another attempt of the same work has taken over; this one must not write any more. Temporal
   * hears it only from an attempt that it still waits for, and then the next one takes over.
   */
  WRITER_SUPERSEDED(true),
  /** What the work was for has ended for good: released, given up, or cut over. */
  WORK_ENDED(false),
  /** What arrived is not what was sent. */
  CONTENT_MISMATCH(false),
  /** The source changed while it had to stand still. */
  SOURCE_CHANGED(false),
  /** At least one check of the verification failed. */
  VERIFICATION_FAILED(false),
  /** A store refuses the data, or a statement about it, for good: a constraint, a cast, a limit. */
  DATA_REJECTED(false),
  /** A store takes nothing more until somebody acts: a full disk, used-up memory, a write block. */
  STORE_BLOCKED(false),
  /** A tool of the machine ({@code pg_dump}, {@code pg_restore}) is missing or too old. */
  TOOL_MISSING(false),
  /** A tool of the machine was killed, or failed in a way that another try may not meet. */
  TOOL_FAILED(true),
  /** A store could not be reached or broke the connection. */
  STORE_UNREACHABLE(true),
  /** A store answered with an error that may pass. */
  STORE_ERROR(true),
  /** A step got nowhere for so long that it was given up; the store may answer the next try. */
  NO_PROGRESS(true),
  /** The worker is shutting down; another one takes the work over. */
  WORKER_STOPPING(true),
  /** An operator or a parent asked to stop. */
  CANCELLED(false),
  /** Nothing of the above: a defect. */
  UNEXPECTED(true);

  private final boolean retryable;

  FailureType(boolean retryable) {
    this.retryable = retryable;
  }

  /**
   * Whether trying again is useless for certain, and not only until a person or time has removed
   * what was in the way.
   */
  public boolean definite() {
    return this == CONFIGURATION_CONFLICT || this == MIGRATION_ENDED;
  }

  /** Whether the same activity may succeed when it is tried again. */
  public boolean retryable() {
    return retryable;
  }
}
