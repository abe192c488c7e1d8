package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lists ranges of names in the background, each some thousands of objects ahead of who takes them.
 * An object is shown as it was when it was listed.
 */
public final class ListingAhead implements AutoCloseable {

  /** So many objects of each range are held in memory. */
  private static final int AHEAD = 2000;

  private static final int POLL_MILLIS = 200;

  private final ProgressMonitor monitor;
  private final WorkerPool pool;
  private final Map<KeyRange, Range> ranges = new HashMap<>();

  /** Begins to list. */
  public ListingAhead(ObjectStore store, List<KeyRange> ranges, ProgressMonitor monitor) {
    this.monitor = monitor;
    this.pool = new WorkerPool("object-list", ranges.size(), monitor);
    for (KeyRange range : ranges) {
      Range listed = new Range();
      this.ranges.put(range, listed);
      pool.submit(() -> listed.fill(new ObjectListing(store, range, monitor)));
    }
  }

  /** The objects of one of the ranges, to be taken once and by one thread. */
  public Iterator<ObjectEntry> of(KeyRange range) {
    return Objects.requireNonNull(ranges.get(range), "another range");
  }

  @Override
  public void close() {
    pool.close();
  }

  /** What was listed of one range. */
  private final class Range implements Iterator<ObjectEntry> {

    /** Each gives an object, or nothing at the end, or throws what ended the listing. */
    private final BlockingQueue<Supplier<Optional<ObjectEntry>>> listed =
        new ArrayBlockingQueue<>(AHEAD);

    private @Nullable ObjectEntry ahead;
    private boolean ended;

    void fill(Iterator<ObjectEntry> listing) {
      try {
        try {
          while (listing.hasNext()) {
            Optional<ObjectEntry> object = Optional.of(listing.next());
            listed.put(() -> object);
          }
          listed.put(Optional::empty);
        } catch (RuntimeException e) {
          listed.put(
              () -> {
                throw e;
              });
        }
      } catch (InterruptedException e) {
        // nobody takes any more
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public boolean hasNext() {
      if (ahead == null && !ended) {
        ahead = take().get().orElse(null);
        ended = ahead == null;
      }
      return ahead != null;
    }

    @Override
    public ObjectEntry next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      ObjectEntry taken = Objects.requireNonNull(ahead);
      ahead = null;
      return taken;
    }

    private Supplier<Optional<ObjectEntry>> take() {
      try {
        while (true) {
          Supplier<Optional<ObjectEntry>> next = listed.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
          if (next != null) {
            return next;
          }
          monitor.throwIfCancelled();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new MigrationException(
            FailureType.WORKER_STOPPING, "The listing was interrupted.", e);
      }
    }
  }
}
