package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.MigrationContext;

/** One check: reads both sides afresh, through other queries than the copy used. */
@FunctionalInterface
public interface Check {

  /**
   * Compares.
   *
   * @throws com.matih.tenantmigration.workflow.MigrationException where the comparison could not be
   *     made; what does not match is a finding, not an exception
   */
  Finding run(MigrationContext context, ProgressMonitor monitor);
}
