package com.matih.tenantmigration.activities.kafka;

/**
 * The offsets of a partition's log.
 *
 * @param begin the first retained offset
 * @param end the offset that the next record gets (the high watermark)
 */
record OffsetRange(long begin, long end) {

  /** How many offsets there are, of which markers and removed records take some. */
  long size() {
    return Math.max(0, end - begin);
  }

  boolean isEmpty() {
    return size() == 0;
  }
}
