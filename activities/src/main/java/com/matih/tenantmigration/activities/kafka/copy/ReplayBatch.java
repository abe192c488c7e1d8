package com.matih.tenantmigration.activities.kafka.copy;

import com.matih.tenantmigration.activities.kafka.client.SharedBytes;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a transaction has taken so far, and whether it should take more. */
public final class ReplayBatch {

  private static final int RECORDS_PER_TRANSACTION = 20_000;
  private static final long MOST_BYTES = 8L * 1024 * 1024;
  private static final long FIRST_BYTES = 512L * 1024;
  private static final long LEAST_BYTES = 64L * 1024;

  /** A commit that took less was not held back. */
  private static final Duration QUICK = Duration.ofSeconds(1);

  /** Well below the time after which a writer gives up what it could not send. */
  private static final Duration SLOW = Duration.ofSeconds(5);

  /** Well below the transaction's timeout of a minute. */
  private static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(10);

  private final long mostBytes;
  private long records;
  private long bytes;
  private Instant begun = Instant.MAX;

  /** The first one, which takes little. */
  public ReplayBatch() {
    this(FIRST_BYTES);
  }

  private ReplayBatch(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * The next one: it takes more where this one was committed quickly, and less where that took
   * long, as it does for a writer that the brokers hold back for its quota.
   *
   * @param begun when the commit began, by the system's nanoseconds
   */
  public ReplayBatch next(long begun) {
    Duration commit = Duration.ofNanos(System.nanoTime() - begun);
    if (commit.compareTo(SLOW) > 0) {
      return new ReplayBatch(Math.max(LEAST_BYTES, mostBytes / 2));
    }
    return new ReplayBatch(
        commit.compareTo(QUICK) < 0 ? Math.min(MOST_BYTES, 2 * mostBytes) : mostBytes);
  }

  public void add(ConsumerRecord<byte[], byte[]> each) {
    if (records == 0) {
      begun = Instant.now();
    }
    records++;
    bytes += SharedBytes.sizeOf(each);
  }

  public long records() {
    return records;
  }

  public boolean isFull() {
    return records >= RECORDS_PER_TRANSACTION
        || bytes >= mostBytes
        || (records > 0
            && Duration.between(begun, Instant.now()).compareTo(LONGEST_TRANSACTION) > 0);
  }
}
