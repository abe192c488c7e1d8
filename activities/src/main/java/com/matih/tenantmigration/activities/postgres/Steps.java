package com.matih.tenantmigration.activities.postgres;

/** Which steps of the work on the dedicated database are done, over sessions of their own. */
final class Steps {

  private static final String LEDGER = "the dedicated database";

  private Steps() {}

  static boolean isDone(DatabaseAccess target, String step) {
    return target.read(
        "read ledger",
        "read the ledger of",
        LEDGER,
        connection -> Ledger.step(connection, step).isPresent());
  }

  /** Notes that a step is done, unless a later attempt has taken over. */
  static void done(DatabaseAccess target, long epoch, String step) {
    target.change(
        Ledger.writing(epoch, step),
        "write the ledger of",
        LEDGER,
        connection -> {
          Ledger.requireCurrent(connection, epoch);
          Ledger.mark(connection, step, "");
        });
  }
}
