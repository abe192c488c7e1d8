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
  private final boolean isShared;
  private final Deque<ConsumerRecord<byte[], byte[]>> ahead = new ArrayDeque<>();

  public RecordStream(PartitionReader reader, TenantFilter filter, ProgressMonitor monitor) {
    this(reader, filter, monitor, false);
  }

  private RecordStream(
      PartitionReader reader, TenantFilter filter, ProgressMonitor monitor, boolean isShared) {
    this.isShared = isShared;
    this.reader = reader;
    this.filter = filter;
    this.monitor = monitor;
  }

  /** The same over a partition of the shared side, read as gently as the throttle asks for. */
  public static RecordStream ofShared(
      PartitionReader reader, TenantFilter filter, ProgressMonitor monitor) {
    return new RecordStream(reader, filter, monitor, true);
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
      SharedBytes read = new SharedBytes(monitor);
      Iterator<ConsumerRecord<byte[], byte[]>> records = reader.poll().iterator();
      while (records.hasNext()) {
        ConsumerRecord<byte[], byte[]> each = records.next();
        read.add(each);
        if (filter.isTenants(each)) {
          ahead.add(each);
        }
      }
      if (isShared) {
        read.pay();
      }
    }
  }
}
