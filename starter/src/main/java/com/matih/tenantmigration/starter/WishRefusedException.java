package com.matih.tenantmigration.starter;

/**
 * What was wished for makes no sense now: no migration of the tenant runs, another one does, or the
 * migration itself refused. The message says why; trying again changes nothing.
 */
public final class WishRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public WishRefusedException(String reason) {
    super(reason);
  }
}
