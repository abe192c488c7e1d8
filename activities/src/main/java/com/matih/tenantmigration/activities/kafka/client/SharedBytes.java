package com.matih.tenantmigration.activities.kafka.client;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The bytes of a shared topic that were read and for which the throttle has not been waited yet: no
 * transaction may stay open during such a wait, for a broker aborts it after a minute.
 */
public final class SharedBytes {

  /** So much is read at once at most while a throttle holds. */
  private static final long MOST = 1L << 20;

  private final ProgressMonitor monitor;
  private long bytes;

  public SharedBytes(ProgressMonitor monitor) {
    this.monitor = monitor;
  }

  /** Takes note of a record, whoever's it is. */
  public void add(ConsumerRecord<byte[], byte[]> each) {
    bytes += sizeOf(each);
  }

  /** How many bytes a record is counted with: those of its key and its value. */
  public static long sizeOf(ConsumerRecord<byte[], byte[]> each) {
    return Math.max(0, each.serializedKeySize()) + (long) Math.max(0, each.serializedValueSize());
  }

  /** Whether the transaction is better committed now, so that the throttle can be waited for. */
  public boolean areDue() {
    return bytes >= MOST && monitor.isThrottled();
  }

  /** Waits for the throttle; called while no transaction is open. */
  public void pay() {
    if (bytes > 0) {
      monitor.readShared(bytes);
      bytes = 0;
    }
  }
}
