package com.matih.tenantmigration.devstack;

import com.matih.tenantmigration.embedded.MissingToolException;
import com.matih.tenantmigration.embedded.ServerStartException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Tells the person at the terminal why a devstack or a demo does not run. */
public final class Obstacle {

  private Obstacle() {}

  /**
   * What to print of an exception whose message was written for that person; empty for all others,
   * which could say anything. Those about files were: everything that these commands read and write
   * by themselves is on this machine.
   */
  public static Optional<String> of(RuntimeException exception) {
    if (exception instanceof UncheckedIOException files) {
      return Optional.of("%s: %s".formatted(files.getMessage(), files.getCause()));
    }
    return exception instanceof MissingToolException
            || exception instanceof ServerStartException
            || exception instanceof DevstackException
        ? Optional.of(exception.getMessage())
        : Optional.empty();
  }
}
