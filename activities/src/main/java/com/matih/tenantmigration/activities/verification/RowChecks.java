package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.Map;

/** Runs the checks of rows in one pass over both sides, with other queries than the copy used. */
@FunctionalInterface
public interface RowChecks {

  /**
   * Compares.
   *
   * @return what each of ROW_COUNT, PRIMARY_KEY_CHECKSUM and ROW_CONTENT found
   * @throws com.matih.tenantmigration.workflow.MigrationException where the comparison could not be
   *     made; what does not match is a finding, not an exception
   */
  Map<CheckName, Finding> run(MigrationContext context, ProgressMonitor monitor);
}
