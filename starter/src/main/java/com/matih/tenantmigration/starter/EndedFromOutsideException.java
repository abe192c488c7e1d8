package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.starter.state.EndedFromOutside;

/**
 * A migration has no outcome, for Temporal ended its workflow from outside: nothing was rolled
 * back, and a person has to see to it. The message says what happened and what to do.
 */
public final class EndedFromOutsideException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public EndedFromOutsideException(EndedFromOutside ended) {
    super(ended.message());
  }
}
