package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.workflow.report.Progress;
import org.jspecify.annotations.Nullable;

/**
 * One activity that is running or waits to be tried again.
 *
 * @param activity its type, such as {@code CopyRows}
 * @param attempt 1 for the first try
 * @param stopping whether it was asked to stop, by a pause, a cancel or another step's failure
 * @param progress how far it said it is, or {@code null} before its first heartbeat
 * @param lastFailure why the try before failed, or {@code null}
 */
public record ActivityProgress(
    String activity,
    int attempt,
    boolean stopping,
    @Nullable Progress progress,
    @Nullable String lastFailure) {}
