package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.MigrationContext;

/**
 * One store's part of SOURCE_QUIET: looks whether anybody wrote for the tenant on the shared side
 * after the fence and the settle time.
 */
public interface SourceQuietProbe {

  /** Not applicable where the shared side is empty. */
  Finding findWrites(MigrationContext context, ProgressMonitor monitor);
}
