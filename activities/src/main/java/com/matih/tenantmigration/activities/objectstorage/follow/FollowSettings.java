package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import java.time.Duration;

/**
 * How objects are followed.
 *
 * @param chunk how many objects a chunk of the record has when it is cut
 * @param largestChunk how many it may grow to before that
 * @param chunksOfStretch how many chunks at least are walked over by one thread
 * @param caughtUp a pass that takes less leaves less than that to the next one
 * @param betweenPasses the shortest pause between two passes while an approval is waited for
 * @param unended how long an attempt that has not ended, as far as is known, may still have a
 *     request on its way once a later one has begun
 * @param cutOff the same for one that ended in the middle of a pass
 */
public record FollowSettings(
    int chunk,
    int largestChunk,
    int chunksOfStretch,
    Duration caughtUp,
    Duration betweenPasses,
    Duration unended,
    Duration cutOff) {

  public static final FollowSettings STANDARD =
      new FollowSettings(
          500,
          750,
          2,
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          ObjectCopier.LONGEST_UNAWARE.plus(ObjectStores.SILENCE_TIMEOUT),
          Duration.ofSeconds(5));
}
