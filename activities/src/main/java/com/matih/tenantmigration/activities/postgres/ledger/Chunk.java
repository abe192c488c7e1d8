package com.matih.tenantmigration.activities.postgres.ledger;

import com.matih.tenantmigration.activities.engine.snapshot.PartCompression;
import org.jspecify.annotations.Nullable;

/**
 * A range of a table's blocks, copied and noted in one transaction.
 *
 * @param number the table's number in the ledger
 * @param endBlock the first block after the range; {@code null} for all that follow
 * @param estimatedBytes what it holds on disk, about
 */
public record Chunk(
    CopiedTable table, int number, long firstBlock, @Nullable Long endBlock, long estimatedBytes) {

  /** SQL that is true for the range's rows, over the alias {@code t}. */
  public String condition() {
    if (firstBlock == 0 && endBlock == null) {
      return "true";
    }
    String from = "t.ctid >= '(%d,0)'::tid".formatted(firstBlock);
    return endBlock == null ? from : from + " AND t.ctid < '(%d,0)'::tid".formatted(endBlock);
  }

  /** The name of its part in the snapshot; each attempt has its own, and the ledger tells which. */
  public String part(long epoch) {
    return "rows/%04d/%010d.%d.copy%s"
        .formatted(number, firstBlock, epoch, PartCompression.ofNewParts().suffix());
  }
}
