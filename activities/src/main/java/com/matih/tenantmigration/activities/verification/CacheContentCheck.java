package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.redis.CacheComparison;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;

/** Every warmed key holds what the dedicated database says, and no other key is there. */
public final class CacheContentCheck implements Check {

  private final CacheComparison comparison;

  public CacheContentCheck(
      SecretResolver secrets, MigrationJournal journal, DedicatedRows dedicatedRows) {
    this.comparison = new CacheComparison(secrets, journal, dedicatedRows);
  }

  @Override
  public CheckName name() {
    return CheckName.CACHE_CONTENT;
  }

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    return comparison.compare(context, monitor);
  }
}
