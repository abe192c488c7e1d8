package com.matih.tenantmigration.starter;

/**
 * A migration that was accepted.
 *
 * @param alreadyRunning whether the same request was running before, so that nothing new began
 */
public record StartedMigration(
    String tenant, String workflowId, String runId, boolean alreadyRunning) {}
