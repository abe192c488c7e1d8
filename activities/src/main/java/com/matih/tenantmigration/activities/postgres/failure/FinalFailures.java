package com.matih.tenantmigration.activities.postgres.failure;

import com.matih.tenantmigration.workflow.FailureType;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

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

  private static final Pattern BREAKS_INDEX =
      Pattern.compile("could not create (unique index|exclusion constraint)");

  private FinalFailures() {}

  /**
   * The same, where more is known by what the server said.
   *
   * @param said its message, with what stands around it
   */
  public static Optional<String> remedy(FailureType type, String said) {
    return type == FailureType.DATA_REJECTED && BREAKS_INDEX.matcher(said).find()
        ? Optional.of(
            "The index lacks entries on the shared side, which would refuse these rows otherwise."
                + " Find the rows without it (SET enable_indexscan = off; SET"
                + " enable_indexonlyscan = off; SET enable_bitmapscan = off), correct them, REINDEX"
                + " the table there, and start the migration again.")
        : remedy(type);
  }

  /** A sentence; empty for what is tried again, and for what says by itself what to do. */
  public static Optional<String> remedy(FailureType type) {
    return Optional.ofNullable(REMEDIES.get(type));
  }
}
