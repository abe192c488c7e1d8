package com.matih.tenantmigration.embedded.workload;

/**
 * What a row was last acknowledged to be.
 *
 * @param present whether there is such a row
 * @param text its mark, which no other write has, and what else a judge looks at; empty where there
 *     is no row
 */
public record RowState(boolean present, String text) {

  /** There is no such row. */
  public static final RowState ABSENT = new RowState(false, "");

  /** There is such a row. */
  public static RowState of(String text) {
    return new RowState(true, text);
  }
}
