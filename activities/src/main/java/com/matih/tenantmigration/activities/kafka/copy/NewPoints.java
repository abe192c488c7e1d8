package com.matih.tenantmigration.activities.kafka.copy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.producer.RecordMetadata;

/** The points of an {@link OffsetMap} that a transaction will make true. */
public final class NewPoints {

  /** How many records one has to read at most from a point to the next one, while it is new. */
  private static final long RECORDS_BETWEEN_POINTS = 1_000;

  private final OffsetMap map;
  private final List<Sent> sent = new ArrayList<>();
  private long next;

  private record Sent(long source, long records, Future<RecordMetadata> written) {}

  public NewPoints(OffsetMap map) {
    this.map = map;
  }

  /** Takes note of a record that was sent, and how many of the tenant's are before it. */
  public void sent(long source, long records, Future<RecordMetadata> written) {
    if (sent.isEmpty() || records >= next) {
      sent.add(new Sent(source, records, written));
      next = records + RECORDS_BETWEEN_POINTS;
    }
  }

  /** What was sent is committed. */
  public void committed(ToLongFunction<Future<RecordMetadata>> offsetOf) {
    for (Sent each : sent) {
      map.add(
          new OffsetMap.Point(each.source(), offsetOf.applyAsLong(each.written()), each.records()));
    }
    sent.clear();
    map.keepNowAndThen();
  }
}
