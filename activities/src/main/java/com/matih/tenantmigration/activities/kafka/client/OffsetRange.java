package com.matih.tenantmigration.activities.kafka.client;

/**
 * The offsets of a partition's log.
 *
 * @param begin the first retained offset
 * @param end the offset that the next record gets (the high watermark)
 */
public record OffsetRange(long begin, long end) {

  /** How many offsets there are, of which markers and removed records take some. */
  public long size() {
    return Math.max(0, end - begin);
  }

  public boolean isEmpty() {
    return size() == 0;
  }
}
