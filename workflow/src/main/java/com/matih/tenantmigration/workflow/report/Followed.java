package com.matih.tenantmigration.workflow.report;

/**
 * How a store stood when it had caught up.
 *
 * @param drainSeconds how long the rest would have taken under the fence
 */
public record Followed(Lag lag, double drainSeconds) {}
