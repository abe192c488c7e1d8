package com.matih.tenantmigration.workflow.activity;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import org.jspecify.annotations.Nullable;

/** The tenant's documents. */
@ActivityInterface
public interface ElasticsearchActivities {

  /** Looks at both clusters; changes nothing. */
  @ActivityMethod(name = "PlanIndices")
  PlanFindings plan(MigrationContext context);

  /** Creates the dedicated indices from the shared ones' settings and mappings, set for loading. */
  @ActivityMethod(name = "ProvisionIndices")
  void provision(MigrationContext context);

  /** Copies the tenant's documents and gives the indices their real settings. */
  @ActivityMethod(name = "CopyDocuments")
  StoresSummary copy(MigrationContext context);

  /** Removes the alias that the copy wrote through, after the cutover. */
  @ActivityMethod(name = "RemoveWriteAlias")
  void removeWriteAlias(MigrationContext context);

  /** Deletes this migration's indices. */
  @ActivityMethod(name = "DeleteIndices")
  RollbackStep deleteIndices(MigrationContext context);

  /**
   * Carries over what changed among the documents since the last time.
   *
   * @return how the store stood after the last round; null from a worker that did not tell it
   */
  @ActivityMethod(name = "FollowDocuments")
  @Nullable Followed follow(MigrationContext context, Following following);

  /** Carries over, when the tenant no longer writes, what is left, and verifies it. */
  @ActivityMethod(name = "DrainDocuments")
  Drained drain(MigrationContext context);
}
