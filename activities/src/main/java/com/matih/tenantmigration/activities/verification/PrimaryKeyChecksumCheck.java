package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;

/**
 * PRIMARY_KEY_CHECKSUM: the SHA-256 of each table's sorted primary keys is the same on both sides.
 * It counts keys.
 */
public final class PrimaryKeyChecksumCheck implements Check {

  private final TableComparison tables;

  public PrimaryKeyChecksumCheck(TableComparison tables) {
    this.tables = tables;
  }

  @Override
  public CheckName name() {
    return CheckName.PRIMARY_KEY_CHECKSUM;
  }

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    return tables.primaryKeys(context, monitor);
  }
}
