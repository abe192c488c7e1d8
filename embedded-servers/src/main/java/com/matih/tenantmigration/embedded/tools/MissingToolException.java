package com.matih.tenantmigration.embedded.tools;

/** A program that the machine lacks; the message names it and the package that brings it. */
public final class MissingToolException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public MissingToolException(String message) {
    super(message);
  }
}
