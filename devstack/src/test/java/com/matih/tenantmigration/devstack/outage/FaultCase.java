package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.util.Locale;

/**
 * One case of the matrix of fault points.
 *
 * @param store the one that goes, where the fault takes one
 */
record FaultCase(Way way, Mode mode, Isolation isolation, String point, Fault fault, Store store) {

  /** How a migration comes to the point. */
  enum Way {
    FORWARD,
    /** It is cancelled when its route has been switched. */
    ROLLBACK,
    /** Its workflow is terminated then, and a repair rolls it back. */
    REPAIR;

    /** The point at which it turns. */
    static final String TURN = "SwitchRoute:after";
  }

  /** A case as {@link #toString} writes it, with or without its columns. */
  static FaultCase parse(String line) {
    String[] words = line.trim().split("\\s+", -1);
    return new FaultCase(
        Way.valueOf(words[0]),
        Mode.valueOf(words[1].toUpperCase(Locale.ROOT)),
        Isolation.valueOf(words[2].toUpperCase(Locale.ROOT)),
        words[3],
        Fault.valueOf(words[4]),
        words.length > 5 ? Store.valueOf(words[5]) : Store.SHARED_POSTGRES);
  }

  @Override
  public String toString() {
    return "%-8s %-7s %-6s %-32s %-18s %-23s"
        .formatted(
            way,
            mode.name().toLowerCase(Locale.ROOT),
            isolation.name().toLowerCase(Locale.ROOT),
            point,
            fault,
            fault == Fault.STORE_DOWN || fault == Fault.STORE_RESTART ? store : "");
  }
}
