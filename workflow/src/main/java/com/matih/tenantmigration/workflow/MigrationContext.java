package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.request.MigrationRequest;

/**
 * Which migration an activity works for.
 *
 * @param migrationId twelve hexadecimal digits, unique for one migration and the same in all its
 *     attempts; it marks what the migration creates
 * @param workflowId {@code tenant-migration-<tenant>}
 * @param runId the run that Temporal knows it by
 */
public record MigrationContext(
    String migrationId, String workflowId, String runId, MigrationRequest request) {

  public String tenant() {
    return request.tenant();
  }
}
