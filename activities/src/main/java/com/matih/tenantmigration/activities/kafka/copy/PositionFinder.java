package com.matih.tenantmigration.activities.kafka.copy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.PartitionReader;
import com.matih.tenantmigration.activities.kafka.client.RecordDifference;
import com.matih.tenantmigration.activities.kafka.client.RecordStream;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds where a position is on the dedicated partition whose record was replayed before the
 * position was known.
 *
 * <pre>
 *   shared     … a  n  [b]  n   c   n  d…      b: the record that the group reads next
 *                       └─ 2 to d ──▶ │        d: a point of the map; it has r records before it
 *   dedicated    a  ▶ r−2 ▶ b   c   d…         so b is the record that has r−2 before it
 * </pre>
 *
 * Counted is up to the next point, where retention cannot have removed anything that the group has
 * left to read, or from the last point where nothing was removed since. Where compaction may have,
 * nothing can be counted: both sides are then walked through between two points, and the record is
 * found by what it holds.
 */
public final class PositionFinder {

  private static final TenantFilter EVERY_RECORD = each -> true;

  /** How many offsets are read in moments. */
  private static final long NEAR = 20_000;

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final Place place;
  private final OffsetMap map;
  private final boolean compacted;
  private final ProgressMonitor monitor;

  /** The shared partition, the dedicated one, and what tells the tenant's records. */
  public record Place(TopicPartition from, TopicPartition to, TenantFilter filter) {}

  public PositionFinder(
      KafkaCluster source,
      KafkaCluster target,
      Place place,
      OffsetMap map,
      boolean compacted,
      ProgressMonitor monitor) {
    this.source = source;
    this.target = target;
    this.place = place;
    this.map = map;
    this.compacted = compacted;
    this.monitor = monitor;
  }

  /**
   * The dedicated offset of the first of the tenant's records at or after a shared offset; nothing
   * where that comes after all that is replayed.
   *
   * @param anchor how far is replayed
   * @param replayed the dedicated partition's offsets
   */
  public OptionalLong find(long position, Anchor anchor, OffsetRange replayed) {
    while (true) {
      long begin = source.topics().begin(place.from());
      long wanted = Math.max(position, begin);
      if (wanted >= anchor.sourceOffset()) {
        return OptionalLong.empty();
      }
      OptionalLong found =
          compacted ? findLeft(wanted, anchor, replayed) : count(wanted, anchor, replayed);
      // what retention removes while it is counted is missing in the count
      if (compacted || source.topics().begin(place.from()) <= wanted) {
        return found;
      }
    }
  }

  private OptionalLong count(long wanted, Anchor anchor, OffsetRange replayed) {
    return locate(wanted, anchor, replayed)
        .map(point -> OptionalLong.of(point.dedicated()))
        .orElse(OptionalLong.empty());
  }

  /**
   * Counts from the nearer side: up to the next point, or from the last one if that is retained.
   */
  private Optional<OffsetMap.Point> locate(long wanted, Anchor anchor, OffsetRange replayed) {
    Optional<OffsetMap.Point> next = before(map.atOrAfter(wanted), anchor);
    long end = next.map(OffsetMap.Point::source).orElse(anchor.sourceOffset());
    long allBefore = next.map(OffsetMap.Point::records).orElse(anchor.records());
    Optional<OffsetMap.Point> last =
        map.atOrBefore(wanted).filter(point -> wanted - point.source() < end - wanted);
    OptionalLong counted = last.isPresent() ? countFrom(last.get(), wanted) : OptionalLong.empty();
    long number = counted.isPresent() ? counted.getAsLong() : allBefore - countOwn(wanted, end);
    return number == allBefore
        ? next
        : Optional.of(new OffsetMap.Point(wanted, offsetOfRecord(number, replayed), number));
  }

  /** How many records are before an offset; nothing where retention has removed some of them. */
  private OptionalLong countFrom(OffsetMap.Point point, long wanted) {
    if (source.topics().begin(place.from()) > point.source()) {
      return OptionalLong.empty();
    }
    long number = point.records() + countOwn(point.source(), wanted);
    return source.topics().begin(place.from()) > point.source()
        ? OptionalLong.empty()
        : OptionalLong.of(number);
  }

  /**
   * Notes on the map where a group stands that is far behind, so that it is near when its position
   * is looked for the next time. Where the shared side is compacted this cannot be.
   */
  public void note(long position, Anchor anchor, OffsetRange replayed) {
    long begin = source.topics().begin(place.from());
    long wanted = Math.max(position, begin);
    long next =
        before(map.atOrAfter(wanted), anchor)
            .map(OffsetMap.Point::source)
            .orElse(anchor.sourceOffset());
    boolean follows =
        map.atOrBefore(wanted)
            .filter(point -> point.source() >= begin && wanted - point.source() <= NEAR)
            .isPresent();
    if (compacted || follows || next - wanted <= NEAR) {
      return;
    }
    Optional<OffsetMap.Point> found = locate(wanted, anchor, replayed);
    if (source.topics().begin(place.from()) <= wanted) {
      found.ifPresent(point -> map.addPlace(wanted, point));
    }
  }

  /** A point that another attempt noted after the anchor was read says nothing about it. */
  private static Optional<OffsetMap.Point> before(Optional<OffsetMap.Point> point, Anchor anchor) {
    return point.filter(known -> known.source() < anchor.sourceOffset());
  }

  private long countOwn(long begin, long end) {
    long count = 0;
    try (PartitionReader reader = new PartitionReader(source, place.from(), begin, end)) {
      while (!reader.isFinished()) {
        monitor.throwIfCancelled();
        for (ConsumerRecord<byte[], byte[]> each : reader.poll()) {
          count += place.filter().isTenants(each) ? 1 : 0;
        }
      }
    }
    return count;
  }

  private long offsetOfRecord(long number, OffsetRange replayed) {
    Optional<OffsetMap.Point> point = map.atOrBeforeRecord(number);
    long begin = point.map(OffsetMap.Point::dedicated).orElse(replayed.begin());
    long before = point.map(OffsetMap.Point::records).orElse(0L);
    try (PartitionReader reader = new PartitionReader(target, place.to(), begin, replayed.end())) {
      while (!reader.isFinished()) {
        monitor.throwIfCancelled();
        for (ConsumerRecord<byte[], byte[]> each : reader.poll()) {
          if (before == number) {
            return each.offset();
          }
          before++;
        }
      }
    }
    throw missing("record number " + number, place.to());
  }

  /** What compaction has left from the position on may come long after it. */
  private OptionalLong findLeft(long wanted, Anchor anchor, OffsetRange replayed) {
    try (PartitionReader reader =
        new PartitionReader(source, place.from(), wanted, anchor.sourceOffset())) {
      ConsumerRecord<byte[], byte[]> left =
          new RecordStream(reader, place.filter(), monitor).peek();
      return left == null ? OptionalLong.empty() : walk(left.offset(), anchor, replayed);
    }
  }

  private OptionalLong walk(long wanted, Anchor anchor, OffsetRange replayed) {
    Optional<OffsetMap.Point> last = map.atOrBefore(wanted);
    Optional<OffsetMap.Point> next = before(map.atOrAfter(wanted), anchor);
    long sharedBegin = last.map(OffsetMap.Point::source).orElse(0L);
    long sharedEnd = next.map(OffsetMap.Point::source).orElse(anchor.sourceOffset());
    try (PartitionReader originals =
            new PartitionReader(
                source,
                place.from(),
                Math.max(sharedBegin, source.topics().begin(place.from())),
                sharedEnd);
        PartitionReader copies =
            new PartitionReader(
                target,
                place.to(),
                last.map(OffsetMap.Point::dedicated).orElse(replayed.begin()),
                next.map(OffsetMap.Point::dedicated).orElse(replayed.end()))) {
      RecordStream shared = new RecordStream(originals, place.filter(), monitor);
      RecordStream dedicated = new RecordStream(copies, EVERY_RECORD, monitor);
      for (ConsumerRecord<byte[], byte[]> copy = dedicated.peek();
          copy != null;
          copy = dedicated.peek()) {
        ConsumerRecord<byte[], byte[]> original = shared.peek();
        if (original != null && RecordDifference.same(original, copy)) {
          if (original.offset() >= wanted) {
            return OptionalLong.of(copy.offset());
          }
          shared.skip();
        }
        dedicated.skip();
      }
      ConsumerRecord<byte[], byte[]> left = shared.peek();
      if (left != null) {
        throw missing(
            "the record at offset %d of %s".formatted(left.offset(), place.from()), place.to());
      }
    }
    return next.map(point -> OptionalLong.of(point.dedicated())).orElse(OptionalLong.empty());
  }

  private MigrationException missing(String what, TopicPartition where) {
    return new MigrationException(
        FailureType.CONTENT_MISMATCH,
        "%s does not have %s in %s, which a group reads next. Start the migration again."
            .formatted(target.name(), what, where));
  }
}
