package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.TenantLeakProbe;
import com.matih.tenantmigration.activities.postgres.catalog.NamesOfOthers;
import com.matih.tenantmigration.activities.postgres.catalog.Ownership;
import com.matih.tenantmigration.activities.postgres.catalog.SharedTableDoubts;
import com.matih.tenantmigration.activities.postgres.catalog.SharedTables;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.client.TimeLimit;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks in the dedicated database for rows that the tenant's rule does not claim, and for tables
 * that did not come with the tenant. Counts rows.
 *
 * <p>In a schema of the tenant's own every row is the tenant's, so there only tables can be
 * foreign. A rule that the copy went by hides its own mistakes, so rows are also judged by what
 * references them ({@link ReferencedByOthers}), and tables that were copied whole by whether rows
 * of tenants are in them, unless the request says that every tenant may have those.
 */
public final class PostgresTenantLeak implements TenantLeakProbe {

  private final PostgresConnections connections;

  public PostgresTenantLeak(PostgresConnections connections) {
    this.connections = connections;
  }

  @Override
  public Finding findForeign(MigrationContext context, ProgressMonitor monitor) {
    Finding finding = new Finding();
    try (BothDatabases both = BothDatabases.open(connections, context, "tenant leak")) {
      TenantTables tables = both.tables();
      Set<TableName> onTarget = both.targetTables(tables);
      both.tablesElsewhere().stream()
          .filter(table -> !onTarget.contains(table))
          .forEach(
              table -> finding.mismatch("%s was not migrated with the tenant".formatted(table)));
      ReferencedByOthers others = new ReferencedByOthers(both, tables, monitor);
      Map<TableName, String> shared = sharedTables(both, tables, context.request());
      for (TenantTable table : tables.tables()) {
        monitor.throwIfCancelled();
        if (onTarget.remove(both.onTarget(table))) {
          finding.compared(BothDatabases.count(both.target(), both.rowsOnTarget(table), "true"));
          findForeignRows(both, table, tables.moving(table.name()), finding);
          others.find(table, finding);
          String reason = shared.get(table.name());
          if (reason != null) {
            finding.mismatch(
                "%s was copied whole, but it %s".formatted(both.onTarget(table), reason));
          }
        }
        both.release();
      }
      findNames(both, tables, context.request().tenantKey(), finding);
      onTarget.forEach(
          table -> finding.mismatch("%s was not migrated with the tenant".formatted(table)));
    }
    return finding.comparedCount() == 0 && finding.mismatchCount() == 0
        ? Finding.notApplicable("the dedicated database has no rows")
        : finding;
  }

  private static void findNames(
      BothDatabases both, TenantTables tables, String tenantKey, Finding finding) {
    String schema = both.spec().targetSchema();
    try {
      for (NamesOfOthers.Found found :
          NamesOfOthers.read(both.source(), tables, tenantKey)
              .find(both.target(), schema, Set.of())) {
        if (found.isCertain()) {
          finding.mismatch(
              "%s: its %s names another tenant"
                  .formatted(new TableName(schema, found.object()), found.where()));
        }
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("look for names of other tenants in", schema, e);
    }
  }

  /** By their names, why tables that were copied whole should not have been. */
  private static Map<TableName, String> sharedTables(
      BothDatabases both, TenantTables tables, MigrationRequest request) {
    Map<TableName, String> reasons = new HashMap<>();
    try {
      new SharedTableDoubts(both.source(), request, tables.shared(), TimeLimit.OF_PLAN)
          .all()
          .forEach((table, doubt) -> reasons.put(table, doubt.reason()));
      Optional<Ownership> ownership = Ownership.of(both.spec(), request.tenantKey());
      if (both.spec().isolation() == Isolation.ROWS && ownership.isPresent()) {
        new SharedTables(both.source(), tables.schema(), ownership.get())
            .tenants()
            .forEach(
                (table, reason) ->
                    reasons.put(new TableName(tables.schema().name(), table), reason));
      }
      return reasons;
    } catch (SQLException e) {
      throw PostgresFailures.translate(
          "look for rows of tenants in the tables of", both.spec().sourceSchema(), e);
    }
  }

  private static void findForeignRows(
      BothDatabases both, TenantTable table, TenantPredicate rule, Finding finding) {
    String foreign = "(%s) IS NOT TRUE".formatted(rule.sql(both.spec().targetSchema(), "t"));
    TableName name = both.onTarget(table);
    String key = SortedRows.key(RowComparison.keyTexts(table));
    String sql =
        "SELECT %s FROM %s AS t WHERE %s LIMIT %d"
            .formatted(key, both.rowsOnTarget(table).sql(), foreign, CheckResult.NAMED_MISMATCHES);
    try {
      Sql.texts(both.target(), sql)
          .forEach(row -> finding.mismatch("%s: row %s is not the tenant's".formatted(name, row)));
    } catch (SQLException e) {
      throw PostgresFailures.translate("look for foreign rows in", name.toString(), e);
    }
  }
}
