package com.matih.tenantmigration.activities.postgres;

import java.util.List;

/**
 * A table and its ranges.
 *
 * @param ranges in order; none where they are planned already
 */
record PlannedTable(CopiedTable table, List<BlockRange> ranges) {

  PlannedTable {
    ranges = List.copyOf(ranges);
  }
}
