package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.TenantLeakProbe;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.CheckResult;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks in the dedicated database for rows that the tenant's rule does not claim, and for tables
 * that did not come with the tenant. Counts rows.
 *
 * <p>In a schema of the tenant's own every row is the tenant's, so there only tables can be
 * foreign; reference tables are everybody's.
 */
public final class PostgresTenantLeak implements TenantLeakProbe {

  private final PostgresConnections connections;

  public PostgresTenantLeak(PostgresConnections connections) {
    this.connections = connections;
  }

  @Override
  public Finding findForeign(MigrationContext context, ProgressMonitor monitor) {
    if (context.request().postgres() == null) {
      return Finding.notApplicable("the request leaves postgres out");
    }
    Finding finding = new Finding();
    try (BothDatabases both = BothDatabases.open(connections, context, "tenant leak")) {
      both.tablesElsewhere()
          .forEach(
              table -> finding.mismatch("%s was not migrated with the tenant".formatted(table)));
      TenantTables tables = both.tables();
      Set<String> onTarget = new TreeSet<>(both.targetTables());
      for (TenantTable table : tables.tables()) {
        monitor.throwIfCancelled();
        if (onTarget.remove(table.name().table())) {
          finding.compared(BothDatabases.count(both.target(), both.onTarget(table), "true"));
          findForeignRows(both, table, tables.moving(table.name()), finding);
        }
        both.release();
      }
      onTarget.forEach(
          table ->
              finding.mismatch(
                  "%s was not migrated with the tenant"
                      .formatted(new TableName(both.spec().targetSchema(), table))));
    }
    return finding.comparedCount() == 0 && finding.mismatchCount() == 0
        ? Finding.notApplicable("the dedicated database has no rows")
        : finding;
  }

  private static void findForeignRows(
      BothDatabases both, TenantTable table, TenantPredicate rule, Finding finding) {
    String foreign = "(%s) IS NOT TRUE".formatted(rule.sql(both.spec().targetSchema(), "t"));
    TableName name = both.onTarget(table);
    String key = SortedRows.key(RowComparison.keyTexts(table));
    String sql =
        "SELECT %s FROM %s AS t WHERE %s LIMIT %d"
            .formatted(key, Identifiers.quote(name), foreign, CheckResult.NAMED_MISMATCHES);
    try {
      Sql.texts(both.target(), sql)
          .forEach(row -> finding.mismatch("%s: row %s is not the tenant's".formatted(name, row)));
    } catch (SQLException e) {
      throw PostgresFailures.translate("look for foreign rows in", name.toString(), e);
    }
  }
}
