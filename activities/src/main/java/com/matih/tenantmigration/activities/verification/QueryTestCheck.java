package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.compare.QueryComparison;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;

/** QUERY_TEST: the request's queries answer the same on both sides. It counts queries. */
public final class QueryTestCheck implements Check {

  private final QueryComparison queries;

  public QueryTestCheck(QueryComparison queries) {
    this.queries = queries;
  }

  @Override
  public CheckName name() {
    return CheckName.QUERY_TEST;
  }

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    return queries.compare(context, monitor);
  }
}
