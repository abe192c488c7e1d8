package com.matih.tenantmigration.activities.temporal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Since when a step has got nowhere, over all its attempts: one attempt alone knows only its own
 * time, and a store that is gone fails each of them within moments.
 *
 * @param before since when the attempts before this one have failed; empty after one that got
 *     further, and for the first
 * @param limit an attempt that worked for longer than this begins a new standstill
 */
record Standstill(Optional<Instant> before, Duration limit) {

  /**
   * Since when the step has got nowhere, now that this attempt has failed too.
   *
   * @param worked how long the attempt had been moving, from its begin
   * @param silent how long ago that ended
   * @param gotFurther whether it did more than the attempts before it
   */
  Instant since(Instant now, Duration worked, Duration silent, boolean gotFurther) {
    return before
        .filter(since -> !gotFurther && worked.compareTo(limit) <= 0)
        .orElseGet(() -> now.minus(silent));
  }
}
