package com.matih.tenantmigration.activities.kafka.copy;

import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a shared partition's offsets are on the dedicated one, at some points; between them, one
 * has to read and count.
 *
 * <p>A point is noted when its record is committed, so each is true; one that was noted and not
 * kept before the worker died only makes the way from the next one longer. The map is bounded: when
 * it is full, older points are thinned out, so that it is dense where groups mostly stand and even
 * before.
 */
public final class OffsetMap {

  static final int MOST_POINTS = 512;
  private static final int NEWEST = 128;
  private static final int NUMBERS = 3;
  private static final Duration BETWEEN_NOTES = Duration.ofSeconds(10);
  private static final Comparator<Point> BY_SOURCE = Comparator.comparingLong(Point::source);

  private final TopicJournal journal;
  private final TopicFacts dedicated;
  private final TopicPartition partition;
  private final List<Point> points = new ArrayList<>();
  private final List<Point> places = new ArrayList<>();
  private boolean changed;
  private long notedAt = System.nanoTime();

  /**
   * The next of the tenant's records from an offset on.
   *
   * @param source the offset on the shared partition, mostly the record's own
   * @param dedicated the record's offset on the dedicated one
   * @param records how many of the tenant's records are before it
   */
  record Point(long source, long dedicated, long records) {}

  private OffsetMap(TopicJournal journal, TopicFacts dedicated, TopicPartition partition) {
    this.journal = journal;
    this.dedicated = dedicated;
    this.partition = partition;
  }

  /**
   * The map of a dedicated partition as it was kept last.
   *
   * @param begin the dedicated partition's first offset: what a point before it described is gone
   */
  public static OffsetMap recall(
      TopicJournal journal, TopicFacts dedicated, TopicPartition partition, long begin) {
    OffsetMap map = new OffsetMap(journal, dedicated, partition);
    journal
        .offsets(partition)
        .filter(kept -> kept.topicId().equals(dedicated.id().toString()))
        .ifPresent(
            kept -> {
              take(kept.points(), begin, map.points);
              take(kept.places(), begin, map.places);
            });
    return map;
  }

  private static void take(List<Long> numbers, long begin, List<Point> into) {
    for (int i = 0; i + NUMBERS <= numbers.size(); i += NUMBERS) {
      Point point = new Point(numbers.get(i), numbers.get(i + 1), numbers.get(i + 2));
      if (point.dedicated() >= begin) {
        into.add(point);
      }
    }
  }

  /** Notes a committed record; one that is not after the last noted one is known already. */
  void add(Point point) {
    if (!points.isEmpty() && points.get(points.size() - 1).source() >= point.source()) {
      return;
    }
    points.add(point);
    changed = true;
    if (points.size() > MOST_POINTS) {
      thinOut();
    }
  }

  /** Notes, besides the points, that from a shared offset on the next record is the point's. */
  void addPlace(long source, Point next) {
    places.add(new Point(source, next.dedicated(), next.records()));
    changed = true;
  }

  /** Keeps the last so many places: those before are of where groups stood earlier. */
  public void keepPlaces(int most) {
    while (places.size() > most) {
      places.remove(0);
      changed = true;
    }
  }

  /** The point goes whose neighbours are nearest to each other: the older ones end up even. */
  private void thinOut() {
    int nearest = 1;
    long least = Long.MAX_VALUE;
    for (int i = 1; i < points.size() - NEWEST; i++) {
      long gap = points.get(i + 1).source() - points.get(i - 1).source();
      if (gap < least) {
        least = gap;
        nearest = i;
      }
    }
    points.remove(nearest);
  }

  /** Keeps the map where the last time is some seconds ago. */
  public void keepNowAndThen() {
    if (System.nanoTime() - notedAt >= BETWEEN_NOTES.toNanos()) {
      keep();
    }
  }

  /** Keeps the map for other attempts, where it has changed. */
  public void keep() {
    if (changed) {
      journal.putOffsets(
          partition,
          new TopicJournal.Offsets(dedicated.id().toString(), numbers(points), numbers(places)));
      changed = false;
      notedAt = System.nanoTime();
    }
  }

  private static List<Long> numbers(List<Point> points) {
    List<Long> numbers = new ArrayList<>(points.size() * NUMBERS);
    points.forEach(
        point -> numbers.addAll(List.of(point.source(), point.dedicated(), point.records())));
    return numbers;
  }

  /** The last point at or before a shared offset. */
  Optional<Point> atOrBefore(long source) {
    return all().filter(point -> point.source() <= source).max(BY_SOURCE);
  }

  /** The first point at or after a shared offset. */
  Optional<Point> atOrAfter(long source) {
    return all().filter(point -> point.source() >= source).min(BY_SOURCE);
  }

  /** The last point that has no more records before it. */
  Optional<Point> atOrBeforeRecord(long number) {
    return all().filter(point -> point.records() <= number).max(BY_SOURCE);
  }

  private Stream<Point> all() {
    return Stream.concat(points.stream(), places.stream());
  }
}
