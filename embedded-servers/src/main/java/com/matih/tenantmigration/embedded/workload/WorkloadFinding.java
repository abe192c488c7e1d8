package com.matih.tenantmigration.embedded.workload;

/**
 * A fault that a judge found.
 *
 * @param key the row, as {@link WorkloadTable} says for the table
 * @param detail what was expected and what is there
 */
public record WorkloadFinding(Fault fault, WorkloadTable table, String key, String detail) {

  /** What is wrong with a row. */
  public enum Fault {
    /** Its write was acknowledged, and it is not there. */
    MISSING,
    /** It is there as no acknowledged write left it last. */
    STALE,
    /** Its delete was acknowledged, and it is there. */
    NOT_DELETED,
    /** It is there more than once. */
    DOUBLED,
    /** It is there, and no acknowledged write made it. */
    NEVER_ACKNOWLEDGED,
    /** Its transaction's outcome is unknown, and only a part of that transaction is there. */
    TORN,
    /** Both sides have it, with different values. */
    DIFFERENT,
    /** Only the first of two sides has it. */
    ONLY_FIRST,
    /** Only the second of two sides has it. */
    ONLY_SECOND,
    /** It belongs to another tenant, or to none. */
    FOREIGN,
    /** A session did not find it while it wrote. */
    NOT_FOUND_BY_SESSION
  }
}
