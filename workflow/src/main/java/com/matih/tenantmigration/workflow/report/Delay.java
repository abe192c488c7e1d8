package com.matih.tenantmigration.workflow.report;

import java.time.Instant;

/**
 * A step that is tried until it is done, and has been tried for long; Temporal's pending activity
 * has its last failure.
 *
 * @param step such as {@code RELEASE_FENCE}; see {@link com.matih.tenantmigration.workflow.Step}
 * @param since when it was first tried
 */
public record Delay(String step, Instant since) {}
