package com.matih.tenantmigration.activities.postgres.ledger;

import org.jspecify.annotations.Nullable;

/**
 * Blocks of a table that are copied together; see {@link Chunk}.
 *
 * @param endBlock the first block behind it; null for the table's end
 */
public record BlockRange(long firstBlock, @Nullable Long endBlock, long rows, long bytes) {}
