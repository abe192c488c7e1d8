package com.matih.tenantmigration.workflow;

import io.temporal.common.SearchAttributeKey;

/** The names under which Temporal, its UI and its command line know a migration. */
public final class TemporalNames {

  private static final String MIGRATION = "tenant-migration-";

  public static final String TASK_QUEUE = "tenant-migration";
  public static final String WORKFLOW_TYPE = "TenantMigrationWorkflow";
  public static final String PLAN_WORKFLOW_TYPE = "TenantMigrationPlanWorkflow";
  public static final String REPAIR_WORKFLOW_TYPE = "TenantMigrationRepairWorkflow";

  public static final SearchAttributeKey<String> TENANT_ID =
      SearchAttributeKey.forKeyword("TenantId");
  public static final SearchAttributeKey<String> MIGRATION_PHASE =
      SearchAttributeKey.forKeyword("MigrationPhase");
  public static final SearchAttributeKey<String> MIGRATION_OUTCOME =
      SearchAttributeKey.forKeyword("MigrationOutcome");

  private TemporalNames() {}

  /**
   * The task queue for work that grows with the tenant, beside the one that a worker's workflows
   * poll: a copy that runs for hours never takes a slot from a step that brings a tenant back.
   */
  public static String bulkTaskQueue(String taskQueue) {
    return taskQueue + "-bulk";
  }

  /**
   * The task queue for what follows a tenant while it works, for days if an approval takes so long:
   * it takes no slot from a copy, nor from a step that brings a tenant back.
   */
  public static String followingTaskQueue(String taskQueue) {
    return taskQueue + "-following";
  }

  /** The id of a tenant's migration. */
  public static String workflowId(String tenant) {
    return MIGRATION + tenant;
  }

  /** The tenant that a migration of that id is about. */
  public static String tenant(String workflowId) {
    return workflowId.startsWith(MIGRATION) ? workflowId.substring(MIGRATION.length()) : workflowId;
  }

  /**
   * The id of a look at a tenant's migration; neither the migration's own, so that both may run,
   * nor that of any other tenant, whatever its name.
   */
  public static String planWorkflowId(String tenant) {
    return "plan-" + MIGRATION + tenant;
  }
}
