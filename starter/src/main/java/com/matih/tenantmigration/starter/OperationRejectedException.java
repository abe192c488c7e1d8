package com.matih.tenantmigration.starter;

/**
 * An operation that is not valid in the current state: no migration of the tenant runs, another one
 * does, or the migration itself refused. The message says why; trying again changes nothing.
 */
public final class OperationRejectedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public OperationRejectedException(String reason) {
    super(reason);
  }
}
