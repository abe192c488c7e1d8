package com.matih.tenantmigration.workflow.report;

import com.matih.tenantmigration.workflow.Phase;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When a phase began and ended; {@code finishedAt} is {@code null} while it runs. */
public record PhaseTiming(Phase phase, Instant startedAt, @Nullable Instant finishedAt) {

  /** How long it took; 0 while it runs. */
  public double seconds() {
    return finishedAt == null ? 0 : Duration.between(startedAt, finishedAt).toMillis() / 1000.0;
  }
}
