package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.objectstorage.client.ETags;
import com.matih.tenantmigration.activities.objectstorage.client.KeyRange;
import com.matih.tenantmigration.activities.objectstorage.client.ListingAhead;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectListing;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Compares what the dedicated side lists with the record, which says what the source had at the end
 * of the last pass. A pass may run beside it: a difference is looked at again, and counts only
 * where the record says the same before and after the look.
 */
public final class DedicatedComparison {

  /** From here on differences are counted without a second look. */
  private static final int LOOKED_AT_AGAIN = 1000;

  private final TenantObjects objects;
  private final ObjectRecord record;
  private final int concurrency;
  private final ProgressMonitor monitor;
  private final RecordJoin join;
  private final AtomicLong compared = new AtomicLong();
  private final AtomicLong unsettled = new AtomicLong();
  private final AtomicLong differences = new AtomicLong();

  public DedicatedComparison(
      TenantObjects objects, ObjectRecord record, int concurrency, ProgressMonitor monitor) {
    this.objects = objects;
    this.record = record;
    this.concurrency = concurrency;
    this.monitor = monitor;
    this.join = new RecordJoin(record, concurrency, monitor);
  }

  /** How the dedicated side can differ from the record. */
  public enum Difference {
    MISSING,
    UNRECORDED,
    SIZE,
    ETAG;

    /** The checks that fail by it. */
    public List<CheckName> checks() {
      return switch (this) {
        case MISSING, UNRECORDED -> List.of(CheckName.OBJECT_COUNT, CheckName.OBJECT_SIZE);
        case SIZE -> List.of(CheckName.OBJECT_SIZE);
        case ETAG -> List.of(CheckName.OBJECT_CHECKSUM);
      };
    }
  }

  /**
   * How much was compared.
   *
   * @param objects with a copy that is whole
   * @param unsettled which a pass left to the next one
   */
  public record Compared(long objects, long unsettled) {}

  /**
   * Compares.
   *
   * @param found takes each difference, in words that name the object; by several threads
   */
  public Compared compare(BiConsumer<Difference, String> found) {
    return compare(range -> new ObjectListing(objects.target(), range, monitor), found);
  }

  /** Begins to list the dedicated side, for a comparison that comes soon. */
  ListingAhead listAhead() {
    return new ListingAhead(objects.target(), join.ranges(), monitor);
  }

  /**
   * Compares with what was listed before. What a pass has changed since differs from the record,
   * and is looked at by itself.
   */
  Compared compare(ListingAhead listed, BiConsumer<Difference, String> found) {
    return compare(listed::of, found);
  }

  private Compared compare(
      Function<KeyRange, Iterator<ObjectEntry>> listing, BiConsumer<Difference, String> found) {
    try (WorkerPool looking = new WorkerPool("object-look", concurrency, monitor)) {
      join.join(
          listing,
          (chunk, recorded, listed) ->
              difference(recorded, listed)
                  .ifPresent(
                      seen -> {
                        String name = nameOf(recorded, listed);
                        looking.submit(() -> confirm(chunk, name, seen, found));
                      }));
      looking.awaitAll();
    }
    return new Compared(compared.get(), unsettled.get());
  }

  private static String nameOf(@Nullable RecordedObject recorded, @Nullable ObjectEntry listed) {
    return recorded == null ? Objects.requireNonNull(listed).name() : recorded.name();
  }

  /** As far as a record and a listing show it. */
  private Optional<Difference> difference(
      @Nullable RecordedObject recorded, @Nullable ObjectEntry listed) {
    if (recorded == null) {
      return listed == null || objects.isFolderMarker(listed.name())
          ? Optional.empty()
          : Optional.of(Difference.UNRECORDED);
    }
    if (!recorded.isCopied()) {
      unsettled.incrementAndGet();
      return Optional.empty();
    }
    monitor.update(
        new Progress(compared.incrementAndGet(), -1, "objects", "comparing the dedicated listing"));
    return listed == null
        ? Optional.of(Difference.MISSING)
        : difference(recorded, listed.size(), listed.etag());
  }

  private static Optional<Difference> difference(RecordedObject object, long size, String etag) {
    if (object.size() != size) {
      return Optional.of(Difference.SIZE);
    }
    boolean isOther = !object.copyEtag().isEmpty() && !ETags.same(object.copyEtag(), etag);
    return isOther ? Optional.of(Difference.ETAG) : Optional.empty();
  }

  private void confirm(
      int chunk, String name, Difference seen, BiConsumer<Difference, String> found) {
    if (differences.get() >= LOOKED_AT_AGAIN) {
      found.accept(seen, objects.target().uri(objects.target().prefix() + name));
      return;
    }
    Optional<RecordedObject> before = record.find(chunk, name);
    String key = objects.target().prefix() + name;
    Optional<HeadObjectResponse> there = objects.target().find(key);
    if (!before.equals(record.find(chunk, name))) {
      unsettled.incrementAndGet();
      return;
    }
    Optional<Difference> now =
        before
            .map(object -> differenceNow(object, there))
            .orElseGet(() -> there.map(head -> Difference.UNRECORDED));
    if (now.isPresent()) {
      differences.incrementAndGet();
      found.accept(now.get(), tell(now.get(), name, before, there));
    }
  }

  private Optional<Difference> differenceNow(
      RecordedObject object, Optional<HeadObjectResponse> there) {
    if (!object.isCopied()) {
      unsettled.incrementAndGet();
      return Optional.empty();
    }
    return there
        .map(
            head ->
                difference(object, head.contentLength(), head.eTag() == null ? "" : head.eTag()))
        .orElse(Optional.of(Difference.MISSING));
  }

  private String tell(
      Difference difference,
      String name,
      Optional<RecordedObject> recorded,
      Optional<HeadObjectResponse> there) {
    String source = objects.source().uri(objects.source().prefix() + name);
    String target = objects.target().uri(objects.target().prefix() + name);
    long expected = recorded.map(RecordedObject::size).orElse(0L);
    long present = there.map(HeadObjectResponse::contentLength).orElse(0L);
    return switch (difference) {
      case MISSING -> "%s (%d bytes) is missing on the target".formatted(source, expected);
      case UNRECORDED -> "%s (%d bytes) is not on the source".formatted(target, present);
      case SIZE -> "%s has %d bytes, %s has %d".formatted(source, expected, target, present);
      case ETAG -> "%s is not what was copied there: its ETag is another one".formatted(target);
    };
  }
}
