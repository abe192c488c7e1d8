package com.matih.tenantmigration.activities.postgres.failure;

import com.matih.tenantmigration.workflow.FailureType;
import java.util.Map;
import java.util.Optional;

/** What to do about an error of PostgreSQL that does not pass by itself. */
public final class FinalFailures {

  private static final Map<FailureType, String> REMEDIES =
      Map.of(
          FailureType.DATA_REJECTED,
          "Retrying cannot help. Fix this on the shared side, or leave it out, and start the"
              + " migration again.",
          FailureType.STORE_BLOCKED,
          "Make room on the server's disk, and start the migration again.",
          FailureType.NOT_MOVABLE,
          "The server finds its own files damaged: restore them first, and start the migration"
              + " again.",
          FailureType.TOOL_MISSING,
          "Install PostgreSQL's client programs of the newer server's version on every worker.");

  private FinalFailures() {}

  /** A sentence; empty for what is tried again, and for what says by itself what to do. */
  public static Optional<String> remedy(FailureType type) {
    return Optional.ofNullable(REMEDIES.get(type));
  }
}
