package com.matih.tenantmigration.embedded.process;

import java.nio.file.Path;
import java.util.List;

/** A server that did not come up; the message ends with the last lines of its log. */
public final class ServerStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ServerStartException(String message) {
    super(message);
  }

  ServerStartException(String message, Throwable cause) {
    super(message, cause);
  }

  public static ServerStartException of(
      String name, String reason, Path log, List<String> lastLines) {
    return new ServerStartException(
        "%s did not start: %s. Last lines of %s:%n%s"
            .formatted(name, reason, log, String.join(System.lineSeparator(), lastLines)));
  }
}
