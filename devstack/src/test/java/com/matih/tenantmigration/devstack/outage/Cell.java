package com.matih.tenantmigration.devstack.outage;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One case of the matrix: a store that goes at a stage of one tenant's migration.
 *
 * @param length how long it is away; {@code null} for good
 */
record Cell(Store store, Stage stage, Fault fault, @Nullable Duration length, Act act) {

  /** How a store goes. */
  enum Fault {
    /** Its connections are cut and new ones refused. */
    GONE,
    /** It takes connections and bytes, and answers nothing. */
    SILENT
  }

  /** What an operator does once the store is away. */
  enum Act {
    NONE,
    CANCEL,
    PAUSE
  }

  boolean isForGood() {
    return length == null;
  }

  @Override
  public String toString() {
    return "%-23s %-17s %-6s %-8s %-6s"
        .formatted(
            store,
            stage,
            fault,
            length == null ? "for good" : length.toString().substring(2).toLowerCase(Locale.ROOT),
            act);
  }
}
