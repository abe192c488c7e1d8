package com.matih.tenantmigration.workflow.report;

import com.matih.tenantmigration.workflow.Phase;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When one step of a phase began and ended. A step that a pause stopped and a resume began again
 * has two.
 *
 * @param step the activity's type, such as {@code CopyRows}; see {@link
 *     com.matih.tenantmigration.workflow.Step}
 * @param finishedAt {@code null} while it runs
 */
public record StepTiming(
    Phase phase, String step, Instant startedAt, @Nullable Instant finishedAt) {}
