package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.MigrationContext;

/** One store's part of TENANT_LEAK: looks on the dedicated side for what is not the tenant's. */
public interface TenantLeakProbe {

  /** Not applicable where the dedicated side is empty. */
  Finding findForeign(MigrationContext context, ProgressMonitor monitor);
}
