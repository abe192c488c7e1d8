package com.matih.tenantmigration.starter;

/** An environment variable that is needed is not set, or cannot be used; the message names it. */
public final class MissingSettingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public MissingSettingException(String message) {
    super(message);
  }
}
