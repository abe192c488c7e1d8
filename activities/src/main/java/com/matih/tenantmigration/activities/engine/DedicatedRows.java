package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.Map;
import java.util.function.Consumer;

/** Reads rows of the tenant's dedicated database, for the stores that are fed from it. */
public interface DedicatedRows {

  /**
   * Runs a query on the dedicated database and hands over its rows one by one, in the query's
   * order, in constant memory. The query cannot change anything.
   *
   * @param row takes a row as column name to text, without the columns that are NULL; valid only
   *     during the call
   */
  void read(
      MigrationContext context,
      String sql,
      ProgressMonitor monitor,
      Consumer<Map<String, String>> row);
}
