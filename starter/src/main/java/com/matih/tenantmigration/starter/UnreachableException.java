package com.matih.tenantmigration.starter;

import org.jspecify.annotations.Nullable;

/**
 * Temporal, a worker or the control plane does not answer, or it is not said where it is. The
 * message is one sentence for an operator; trying again later may help.
 */
public final class UnreachableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UnreachableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
