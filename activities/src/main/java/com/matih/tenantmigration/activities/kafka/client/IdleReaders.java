package com.matih.tenantmigration.activities.kafka.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Readers of a cluster that have read their partition and wait to read another one: to open one
 * costs more than to read a few records. Safe for use by several threads, which each lend a reader
 * for themselves.
 */
final class IdleReaders {

  /** As many as read at the same time, and as many again. */
  private static final int MOST = 16;

  /** An older one may hold a password that is no longer right. */
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(20);

  private final Deque<Idle> readers = new ConcurrentLinkedDeque<>();

  private record Idle(Consumer<byte[], byte[]> reader, long since) {

    boolean isOld() {
      return System.nanoTime() - since > LONGEST_IDLE.toNanos();
    }
  }

  /** The one that was given back last; none where that is long ago. */
  Optional<Consumer<byte[], byte[]>> lend() {
    Idle latest = readers.pollFirst();
    if (latest == null) {
      return Optional.empty();
    }
    if (latest.isOld()) {
      readers.addFirst(latest);
      return Optional.empty();
    }
    return Optional.of(latest.reader());
  }

  /**
   * Takes a reader back.
   *
   * @return those that have to be closed: the others are too old, or too many
   */
  List<Consumer<byte[], byte[]>> giveBack(Consumer<byte[], byte[]> reader) {
    reader.unsubscribe();
    readers.addFirst(new Idle(reader, System.nanoTime()));
    List<Consumer<byte[], byte[]>> surplus = new ArrayList<>();
    for (Idle last = readers.pollLast(); last != null; last = readers.pollLast()) {
      if (!last.isOld() && readers.size() < MOST) {
        readers.addLast(last);
        break;
      }
      surplus.add(last.reader());
    }
    return surplus;
  }

  /** All of them, which the caller closes. */
  List<Consumer<byte[], byte[]>> takeAll() {
    List<Consumer<byte[], byte[]>> all = new ArrayList<>();
    for (Idle each = readers.pollFirst(); each != null; each = readers.pollFirst()) {
      all.add(each.reader());
    }
    return all;
  }
}
