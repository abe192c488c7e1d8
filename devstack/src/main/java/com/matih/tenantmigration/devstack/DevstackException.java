package com.matih.tenantmigration.devstack;

/** What keeps a devstack from running; the message is for the person who started it. */
public final class DevstackException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public DevstackException(String message) {
    super(message);
  }
}
