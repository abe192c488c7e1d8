package com.matih.tenantmigration.activities.testing;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.throttle.ReplicaWatch;
import com.matih.tenantmigration.activities.engine.throttle.ThrottleNote;
import com.matih.tenantmigration.activities.engine.throttle.Throttles;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Work of one store under a throttle, on a thread of its own, with the time that it takes. */
public final class ThrottledWork {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final MigrationJournal journal;
  private final MigrationContext context;
  private final CompletableFuture<Duration> taken;

  private ThrottledWork(
      MigrationJournal journal, MigrationContext context, CompletableFuture<Duration> taken) {
    this.journal = journal;
    this.context = context;
    this.taken = taken;
  }

  /** Does something through a monitor. */
  public interface Work {
    void run(ProgressMonitor monitor) throws Exception;
  }

  /** The same migration with a bound in its request. */
  public static MigrationContext bounded(MigrationContext plain, @Nullable Long bytesPerSecond) {
    return throttled(plain, new ThrottleSpec(bytesPerSecond, null));
  }

  /** The same migration with a throttle in its request. */
  public static MigrationContext throttled(MigrationContext plain, ThrottleSpec throttle) {
    return new MigrationContext(
        plain.migrationId(),
        plain.workflowId(),
        plain.runId(),
        plain.request().throttledBy(throttle),
        plain.repair(),
        plain.noRehearsal(),
        plain.tenantWorks());
  }

  /** Begins work that reads one store of a migration. */
  public static ThrottledWork begin(
      MigrationJournal journal, MigrationContext context, StoreName store, Work work) {
    return begin(journal, context, store, ProgressMonitor.unmonitored(), work);
  }

  /** The same, watched. */
  public static ThrottledWork begin(
      MigrationJournal journal,
      MigrationContext context,
      StoreName store,
      ProgressMonitor monitor,
      Work work) {
    Throttles throttles = new Throttles(journal, ReplicaWatch.NONE);
    CompletableFuture<Duration> taken =
        CompletableFuture.supplyAsync(
            () -> {
              long begun = System.nanoTime();
              throttles.read(
                  context,
                  store,
                  monitor,
                  throttled -> {
                    try {
                      work.run(throttled);
                    } catch (RuntimeException e) {
                      throw e;
                    } catch (Exception e) {
                      throw new AssertionError(e);
                    }
                  });
              return Duration.ofNanos(System.nanoTime() - begun);
            });
    return new ThrottledWork(journal, context, taken);
  }

  /** Changes the throttle of the migration, as an operator's command does. */
  public void change(@Nullable Long bytesPerSecond) {
    new ThrottleNote(journal).keep(context.migrationId(), new ThrottleSpec(bytesPerSecond, null));
  }

  public boolean isDone() {
    return taken.isDone();
  }

  /** Waits until it is done; answers how long it took. */
  public Duration await() throws Exception {
    return taken.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
