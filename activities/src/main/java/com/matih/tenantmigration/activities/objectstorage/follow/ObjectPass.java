package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.objectstorage.copy.OpenUploads;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongFunction;

/**
 * One pass over the tenant's objects.
 *
 * <ol>
 *   <li>The source is listed, in stretches side by side where the record knows where to cut, and
 *       walked over beside the {@link ObjectRecord}.
 *   <li>What is new, or differs from the record in size, ETag or time, is copied whole, with
 *       metadata and tags; so is what was too young when it was last listed, was left unsettled, or
 *       is {@link ToCopyAgain}.
 *   <li>Where the request says {@code checkMetadata}, headers and tags of all others are compared;
 *       no listing shows that tags changed, and not every server's that metadata did.
 *   <li>What is recorded and no longer listed is deleted on the dedicated side.
 *   <li>An object that changes or vanishes while it is copied is left unsettled for the next pass.
 * </ol>
 *
 * <p>To copy again and to delete again what is gone are harmless, so a pass that was cut off is
 * taken up by the next one.
 */
final class ObjectPass {

  private static final int MOST_CUTS = 63;

  /** While the tenant works its server has better to do; when it waits, nothing has. */
  private static final int LISTINGS_BESIDE_TENANT = 4;

  private final FollowAttempt attempt;
  private final boolean tenantWrites;

  /**
   * A pass.
   *
   * @param tenantWrites whether it is no failure that an object changes while it is copied
   */
  ObjectPass(FollowAttempt attempt, boolean tenantWrites) {
    this.attempt = attempt;
    this.tenantWrites = tenantWrites;
  }

  /**
   * What a pass found and did.
   *
   * @param objects how many objects the source listed
   * @param bytes how large they are together
   * @param changes how many were copied, deleted, or changed again while they were copied
   */
  record Result(long objects, long bytes, long changes, Duration took) {

    StoresSummary.ObjectStorage summary() {
      return new StoresSummary.ObjectStorage(objects, bytes);
    }
  }

  Result run(LongFunction<Progress> progress) {
    long begun = System.nanoTime();
    List<ObjectRecord.Stretch> stretches =
        Stretches.of(
            attempt.record().cuts(),
            tenantWrites
                ? Math.min(LISTINGS_BESIDE_TENANT, attempt.concurrency())
                : attempt.concurrency());
    ToCopyAgain toCopyAgain = attempt.toCopyAgain();
    Set<String> copyAgain = toCopyAgain.names();
    PassTally tally = new PassTally(attempt.monitor(), progress);
    Map<Integer, List<ObjectRecord.Cut>> passed = new ConcurrentSkipListMap<>();
    try (OpenUploads uploads = new OpenUploads(attempt.objects().target());
        WorkerPool copying =
            new WorkerPool("object-copy", attempt.concurrency(), attempt.monitor());
        WorkerPool walking = new WorkerPool("object-walk", stretches.size(), attempt.monitor())) {
      PassTools tools = new PassTools(attempt, tenantWrites, uploads, copying, tally);
      for (int i = 0; i < stretches.size(); i++) {
        int number = i;
        walking.submit(() -> passed.put(number, walk(stretches.get(number), copyAgain, tools)));
      }
      walking.awaitAll();
      copying.awaitAll();
    }
    toCopyAgain.copied(copyAgain);
    keepCuts(passed.values());
    return tally.result(Duration.ofNanos(System.nanoTime() - begun));
  }

  private List<ObjectRecord.Cut> walk(
      ObjectRecord.Stretch stretch, Set<String> copyAgain, PassTools tools) {
    return new StretchWalk(
            stretch,
            attempt.record(),
            attempt.settings(),
            new SourceListing(attempt.objects(), stretch.names(), attempt.monitor()),
            copyAgain,
            (chunk, items, isCut) -> new PartWork(tools, chunk, items).begin(isCut))
        .walk();
  }

  /** Keeps some of the places where chunks begin, far enough apart. */
  private void keepCuts(Iterable<List<ObjectRecord.Cut>> passed) {
    List<ObjectRecord.Cut> all = new ArrayList<>();
    passed.forEach(all::addAll);
    int apart =
        Math.max(attempt.settings().chunksOfStretch(), (all.size() + MOST_CUTS) / (MOST_CUTS + 1));
    List<ObjectRecord.Cut> cuts = new ArrayList<>();
    for (int i = apart - 1; i < all.size(); i += apart) {
      cuts.add(all.get(i));
    }
    if (!cuts.equals(attempt.record().cuts())) {
      attempt.record().keepCuts(cuts);
    }
  }
}
