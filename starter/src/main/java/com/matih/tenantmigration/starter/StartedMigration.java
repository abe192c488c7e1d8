package com.matih.tenantmigration.starter;

/**
 * A migration that was accepted.
 *
 * @param migrationId the same in all its runs; its report and its audit trail go by it
 * @param alreadyRunning whether the same request was running before, so that nothing new began
 */
public record StartedMigration(
    String tenant, String migrationId, String workflowId, String runId, boolean alreadyRunning) {}
