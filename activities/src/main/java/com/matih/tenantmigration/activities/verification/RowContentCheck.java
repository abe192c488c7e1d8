package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;

/** ROW_CONTENT: every column of every row is the same on both sides. It counts rows. */
public final class RowContentCheck implements Check {

  private final TableComparison tables;

  public RowContentCheck(TableComparison tables) {
    this.tables = tables;
  }

  @Override
  public CheckName name() {
    return CheckName.ROW_CONTENT;
  }

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    return tables.rowContents(context, monitor);
  }
}
