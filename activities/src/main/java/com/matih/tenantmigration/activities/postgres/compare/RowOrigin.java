package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import java.sql.Connection;

/**
 * The rows that a table on the target has to equal.
 *
 * @param predicate SQL over the alias {@code t}
 * @param areAllRows whether the target may have no other rows
 */
record RowOrigin(Connection connection, TableRows rows, String predicate, boolean areAllRows) {

  /** The tenant's rows on the shared side as they are now. */
  static RowOrigin shared(BothDatabases both, TenantTable table) {
    return new RowOrigin(both.source(), table.rows(), table.predicate(), true);
  }

  /** Those of them that are the tenant's alone. */
  static RowOrigin own(BothDatabases both, TenantTable table) {
    return new RowOrigin(both.source(), table.rows(), table.ownPredicate(), false);
  }

  TableName name() {
    return rows.table();
  }
}
