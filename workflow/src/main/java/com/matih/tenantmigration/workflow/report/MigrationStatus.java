package com.matih.tenantmigration.workflow.report;

import com.matih.tenantmigration.workflow.Phase;
import org.jspecify.annotations.Nullable;

/**
 * The answer to the query {@code status}.
 *
 * @param paused whether an operator has paused the migration
 * @param awaitingApproval whether it waits for an approval
 * @param pointOfNoReturn whether cancel is refused from here on
 * @param delay the step that is tried until it is done and takes long, or {@code null}
 * @param report what is known so far
 */
public record MigrationStatus(
    Phase phase,
    boolean paused,
    boolean awaitingApproval,
    boolean pointOfNoReturn,
    @Nullable Delay delay,
    MigrationReport report) {}
