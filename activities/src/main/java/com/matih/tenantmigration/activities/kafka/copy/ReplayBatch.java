package com.matih.tenantmigration.activities.kafka.copy;

import com.matih.tenantmigration.activities.kafka.client.SharedBytes;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a transaction has taken so far, and whether it should take more. */
public final class ReplayBatch {

  private static final int RECORDS_PER_TRANSACTION = 20_000;
  private static final long BYTES_PER_TRANSACTION = 8L * 1024 * 1024;

  /** Well below the transaction's timeout of a minute. */
  private static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(10);

  private long records;
  private long bytes;
  private Instant begun = Instant.MAX;

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
        || bytes >= BYTES_PER_TRANSACTION
        || (records > 0
            && Duration.between(begun, Instant.now()).compareTo(LONGEST_TRANSACTION) > 0);
  }
}
