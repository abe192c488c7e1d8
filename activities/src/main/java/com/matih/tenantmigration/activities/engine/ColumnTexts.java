package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.Map;

/** Tells what the values of a query's columns look like, before it is run. */
public interface ColumnTexts {

  /**
   * For each column a regular expression that matches every text which its type allows, such as an
   * integer's digits. Empty where the shared database cannot plan the query, which the plan of the
   * database says.
   *
   * @param sql a query of the request on the dedicated database
   */
  Map<String, String> of(MigrationContext context, String sql);
}
