package com.matih.tenantmigration.activities.engine.throttle;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.request.Mode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The throttles of the migrations that this process works for, one for each of their stores: what
 * reads the same store at the same time shares the store's bytes.
 *
 * <p>They hold while the tenant works. Once it is read-only, its time counts more than the shared
 * side's, so nothing is throttled then; but offline, where the tenant is read-only from the start,
 * whoever asks for a throttle wants it for the copy and the verification.
 */
public final class Throttles {

  private final ThrottleNote note;
  private final ReplicaWatch replicas;
  private final Map<Key, WatchedThrottle> open = new HashMap<>();

  /**
   * The throttles of a process.
   *
   * @param replicas looks at the shared database's replicas
   */
  public Throttles(MigrationJournal journal, ReplicaWatch replicas) {
    this.note = new ThrottleNote(journal);
    this.replicas = replicas;
  }

  private record Key(String migrationId, StoreName store) {}

  /**
   * Does work whose reads of the shared store keep to the migration's throttle, as it is set at
   * each moment; see {@link ProgressMonitor#readShared(long)}.
   *
   * @param work is given the monitor through which it reads
   */
  public <T> T reading(
      MigrationContext context,
      StoreName store,
      ProgressMonitor monitor,
      Function<ProgressMonitor, T> work) {
    if (!context.tenantWorks() && context.request().mode() == Mode.ONLINE) {
      return work.apply(monitor);
    }
    Key key = new Key(context.migrationId(), store);
    WatchedThrottle watched = enter(key, context);
    try {
      ProgressMonitor throttled = new ThrottledMonitor(monitor, watched.throttle());
      try (WorkScope scope = WorkScope.enter(throttled)) {
        return work.apply(throttled);
      }
    } finally {
      leave(key);
    }
  }

  /** The same for work that does not answer. */
  public void read(
      MigrationContext context,
      StoreName store,
      ProgressMonitor monitor,
      Consumer<ProgressMonitor> work) {
    var unused =
        reading(
            context,
            store,
            monitor,
            throttled -> {
              work.accept(throttled);
              return true;
            });
  }

  private WatchedThrottle enter(Key key, MigrationContext context) {
    synchronized (open) {
      return open.computeIfAbsent(
              key,
              any ->
                  new WatchedThrottle(
                      context,
                      note,
                      key.store() == StoreName.POSTGRES ? replicas : ReplicaWatch.NONE))
          .enter();
    }
  }

  private void leave(Key key) {
    synchronized (open) {
      open.computeIfPresent(key, (any, throttle) -> throttle.leave() ? null : throttle);
    }
  }
}
