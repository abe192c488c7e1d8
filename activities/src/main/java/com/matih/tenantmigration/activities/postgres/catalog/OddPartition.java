package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.TableName;

/**
 * A partition that does not move, and so neither does its table.
 *
 * @param root the partitioned table
 */
public record OddPartition(TableName root, TableName partition, Oddity oddity) {

  /** What is odd about it. */
  public enum Oddity {
    /** Its rows are on another server. */
    FOREIGN,
    IN_ANOTHER_SCHEMA,
    /** Another database hashes the same value to another partition. */
    HASHED_BY_ENUM,
    /** {@code DETACH PARTITION … CONCURRENTLY} was interrupted: no query of the table reads it. */
    DETACH_PENDING
  }
}
