package com.matih.tenantmigration.workflow.activity;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.repair.RepairFindings;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/** What a repair asks beside the steps of the migration that it finishes; changes nothing. */
@ActivityInterface
public interface RepairActivities {

  /** Reads what the control plane remembers of a migration. */
  @ActivityMethod(name = "ReadUnfinished")
  RepairFindings read(MigrationContext context);
}
