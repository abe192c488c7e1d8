package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;

/** ROW_COUNT: each table has as many rows on both sides. It counts tables. */
public final class RowCountCheck implements Check {

  private final TableComparison tables;

  public RowCountCheck(TableComparison tables) {
    this.tables = tables;
  }

  @Override
  public CheckName name() {
    return CheckName.ROW_COUNT;
  }

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    return tables.rowCounts(context, monitor);
  }
}
