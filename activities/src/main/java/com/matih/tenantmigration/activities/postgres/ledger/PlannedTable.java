package com.matih.tenantmigration.activities.postgres.ledger;

import java.util.List;

/**
 * A table and its ranges.
 *
 * @param ranges in order; none where they are planned already
 */
public record PlannedTable(CopiedTable table, List<BlockRange> ranges) {

  public PlannedTable {
    ranges = List.copyOf(ranges);
  }
}
