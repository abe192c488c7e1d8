package com.matih.tenantmigration.devstack.sample;

/** Sample data that could not be written. */
public final class SampleDataException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SampleDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
