package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.request.ByteSize;
import com.matih.tenantmigration.workflow.request.ShortDuration;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an operator asks of the throttle: a new value for a bound, {@code off}, or nothing, which
 * leaves the bound as it is.
 */
record ThrottleChange(@Nullable String bytesPerSecond, @Nullable String maxReplicaLag) {

  private static final String OFF = "off";

  /** Reads what was typed; a number of bytes may come as a number. */
  static ThrottleChange of(@Nullable Object bytesPerSecond, @Nullable Object maxReplicaLag) {
    return new ThrottleChange(text(bytesPerSecond), text(maxReplicaLag));
  }

  private static @Nullable String text(@Nullable Object said) {
    return said == null || said.toString().isBlank() ? null : said.toString().strip();
  }

  /** Why it cannot be carried out, as a sentence; empty if it can. */
  String problem() {
    if (bytesPerSecond == null && maxReplicaLag == null) {
      return "Neither bytesPerSecond nor maxReplicaLag is given.";
    }
    try {
      ThrottleSpec asked = on(ThrottleSpec.OFF);
      if (asked.bytesPerSecond() != null && asked.bytesPerSecond() <= 0) {
        return "bytesPerSecond has to be more than zero. %s".formatted(ByteSize.EXAMPLES);
      }
      Duration lag = asked.maxReplicaLag();
      boolean isInRange =
          lag == null
              || (lag.compareTo(ThrottleSpec.SHORTEST_LAG) >= 0
                  && lag.compareTo(ThrottleSpec.LONGEST_LAG) <= 0);
      return isInRange ? "" : "maxReplicaLag has to be from 100ms to 1h.";
    } catch (IllegalArgumentException e) {
      return "The throttle cannot be read: %s, or 'off'.".formatted(e.getMessage());
    }
  }

  /**
   * The throttle that is asked for where that one holds.
   *
   * @throws IllegalArgumentException where a value cannot be read
   */
  ThrottleSpec on(ThrottleSpec current) {
    return new ThrottleSpec(
        bytesPerSecond == null
            ? current.bytesPerSecond()
            : isOff(bytesPerSecond) ? null : (Long) ByteSize.parse(bytesPerSecond),
        maxReplicaLag == null
            ? current.maxReplicaLag()
            : isOff(maxReplicaLag) ? null : ShortDuration.parse(maxReplicaLag));
  }

  private static boolean isOff(String value) {
    return value.equalsIgnoreCase(OFF);
  }
}
