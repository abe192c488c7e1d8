package com.matih.tenantmigration.activities.kafka.client;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The tenant's records of one partition, one by one, with a look ahead. */
public final class RecordStream {

  private final PartitionReader reader;
  private final TenantFilter filter;
  private final ProgressMonitor monitor;
  private final Deque<ConsumerRecord<byte[], byte[]>> ahead = new ArrayDeque<>();

  public RecordStream(PartitionReader reader, TenantFilter filter, ProgressMonitor monitor) {
    this.reader = reader;
    this.filter = filter;
    this.monitor = monitor;
  }

  /** The next record, which stays the next one; {@code null} at the end. */
  public @Nullable ConsumerRecord<byte[], byte[]> peek() {
    fill(1);
    return ahead.peek();
  }

  /** Goes on behind the next record. */
  public void skip() {
    ahead.poll();
  }

  /** Up to that many records that come next, which stay so. */
  public List<ConsumerRecord<byte[], byte[]>> window(int size) {
    fill(size);
    try (Stream<ConsumerRecord<byte[], byte[]>> records = ahead.stream()) {
      return records.limit(size).toList();
    }
  }

  private void fill(int size) {
    while (ahead.size() < size && !reader.isFinished()) {
      monitor.throwIfCancelled();
      Iterator<ConsumerRecord<byte[], byte[]>> records = reader.poll().iterator();
      while (records.hasNext()) {
        ConsumerRecord<byte[], byte[]> each = records.next();
        if (filter.isTenants(each)) {
          ahead.add(each);
        }
      }
    }
  }
}
