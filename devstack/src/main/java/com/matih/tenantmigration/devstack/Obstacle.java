package com.matih.tenantmigration.devstack;

import com.matih.tenantmigration.embedded.process.ServerStartException;
import com.matih.tenantmigration.embedded.tools.MissingToolException;
import java.util.Optional;

/** Tells the person at the terminal why a devstack or a demo does not run. */
public final class Obstacle {

  private Obstacle() {}

  /**
   * What to print of an exception whose message was written for that person; empty for all others,
   * which could say anything.
   */
  public static Optional<String> of(RuntimeException exception) {
    return exception instanceof MissingToolException
            || exception instanceof ServerStartException
            || exception instanceof DevstackException
        ? Optional.of(exception.getMessage())
        : Optional.empty();
  }
}
