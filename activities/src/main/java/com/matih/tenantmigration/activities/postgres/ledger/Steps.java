package com.matih.tenantmigration.activities.postgres.ledger;

import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;

/** Which steps of the work on the dedicated database are done, over sessions of their own. */
public final class Steps {

  /** Noted before {@code pg_restore} begins with indexes and constraints. */
  public static final String POST_DATA_BEGUN = "post-data begun";

  private static final String LEDGER = "the dedicated database";

  private Steps() {}

  public static boolean isDone(DatabaseAccess target, String step) {
    return target.read(
        "read ledger",
        "read the ledger of",
        LEDGER,
        connection -> Ledger.step(connection, step).isPresent());
  }
}
