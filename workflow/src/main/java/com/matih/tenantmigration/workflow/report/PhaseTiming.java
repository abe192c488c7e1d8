package com.matih.tenantmigration.workflow.report;

import com.matih.tenantmigration.workflow.Phase;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When a phase began and ended; {@code finishedAt} is {@code null} while it runs. */
public record PhaseTiming(Phase phase, Instant startedAt, @Nullable Instant finishedAt) {}
