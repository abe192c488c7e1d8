package com.matih.tenantmigration.devstack.clusters;

/** A store that did not do what a plain client asked of it. */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
