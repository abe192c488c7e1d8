package com.matih.tenantmigration.starter.state;

import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One activity that is running or waits to be tried again.
 *
 * @param activity its type, such as {@code CopyRows}
 * @param attempt 1 for the first try
 * @param stopping whether it was asked to stop, by a pause, a cancel or another step's failure
 * @param progress how far it said it is, or {@code null} before its first heartbeat
 * @param lastFailure why the try before failed, or {@code null}
 * @param since of a step that brings the tenant back, or cleans up after it: since when it has been
 *     tried; else {@code null}
 * @param startedAt when a worker began the present try; {@code null} while none has
 * @param dueAt of a try that no worker has begun: from when on one may, in the future where the try
 *     before failed; else {@code null}
 */
public record ActivityProgress(
    String activity,
    int attempt,
    boolean stopping,
    @Nullable Progress progress,
    @Nullable String lastFailure,
    @Nullable Instant since,
    @Nullable Instant startedAt,
    @Nullable Instant dueAt) {

  /** One of which it is not told since when it has been tried. */
  public ActivityProgress(
      String activity,
      int attempt,
      boolean stopping,
      @Nullable Progress progress,
      @Nullable String lastFailure) {
    this(activity, attempt, stopping, progress, lastFailure, null, null, null);
  }

  /** The same, tried since that moment. */
  public ActivityProgress since(Instant began) {
    return new ActivityProgress(
        activity, attempt, stopping, progress, lastFailure, began, startedAt, dueAt);
  }

  /** The same, begun by a worker at that moment. */
  public ActivityProgress startedAt(Instant began) {
    return new ActivityProgress(
        activity, attempt, stopping, progress, lastFailure, since, began, null);
  }

  /** The same, begun by no worker yet, which may from that moment on. */
  public ActivityProgress dueAt(Instant due) {
    return new ActivityProgress(
        activity, attempt, stopping, progress, lastFailure, since, null, due);
  }
}
