package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import java.sql.Connection;

/**
 * The rows that a table on the target has to equal.
 *
 * @param predicate SQL over the alias {@code t}
 */
record RowOrigin(Connection connection, TableName name, String predicate) {

  /** The tenant's rows on the shared side as they are now. */
  static RowOrigin shared(BothDatabases both, TenantTable table) {
    return new RowOrigin(both.source(), table.name(), table.predicate());
  }

  long count() {
    return BothDatabases.count(connection, name, predicate);
  }
}
