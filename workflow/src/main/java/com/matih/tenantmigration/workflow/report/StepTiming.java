package com.matih.tenantmigration.workflow.report;

import com.matih.tenantmigration.workflow.Phase;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When one step of a phase began and ended. A step that a pause stopped and a resume began again
 * has two.
 *
 * @param step the activity's type, such as {@code CopyRows}; see {@link
 *     com.matih.tenantmigration.workflow.Step}
 * @param finishedAt {@code null} while it runs
 * @param end how it ended; {@code null} while it runs, and where an earlier version kept it
 */
public record StepTiming(
    Phase phase, String step, Instant startedAt, @Nullable Instant finishedAt, @Nullable End end) {

  /** How long it took; 0 while it runs. */
  public double seconds() {
    return finishedAt == null ? 0 : Duration.between(startedAt, finishedAt).toMillis() / 1000.0;
  }

  /** How a step ended. */
  public enum End {
    /** It did its work. */
    DONE,
    /** A pause, a cancel or another step's failure stopped it. */
    STOPPED,
    /** It failed. */
    FAILED
  }
}
