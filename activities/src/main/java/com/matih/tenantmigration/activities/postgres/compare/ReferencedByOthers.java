package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.ForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Exclusive;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Use;
import com.matih.tenantmigration.activities.postgres.catalog.TenantScopes.Scoped;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Looks for rows that a condition of the request picked and that are another tenant's: on the
 * dedicated side no row of the tenant references them, and on the shared side rows of other tenants
 * do.
 */
final class ReferencedByOthers {

  private static final int AT_ONCE = 500;

  private final BothDatabases both;
  private final TenantTables tables;
  private final ProgressMonitor monitor;

  ReferencedByOthers(BothDatabases both, TenantTables tables, ProgressMonitor monitor) {
    this.both = both;
    this.tables = tables;
    this.monitor = monitor;
  }

  void find(TenantTable table, Finding finding) {
    if (!(tables.own(table) instanceof Exclusive rule) || table.primaryKey().isEmpty()) {
      return;
    }
    String key = SortedRows.key(RowComparison.keyTexts(table));
    try (Statement statement = both.target().createStatement()) {
      statement.setFetchSize(AT_ONCE);
      List<String> keys = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(unreferenced(table, key))) {
        while (rows.next()) {
          keys.add(rows.getString(1));
          if (keys.size() == AT_ONCE) {
            monitor.throwIfCancelled();
            ask(table, key, rule, keys, finding);
            keys.clear();
          }
        }
      }
      ask(table, key, rule, keys, finding);
    } catch (SQLException e) {
      throw PostgresFailures.translate(
          "look for rows of others in", both.onTarget(table).toString(), e);
    }
  }

  private String unreferenced(TenantTable table, String key) {
    String schema = both.spec().targetSchema();
    String references =
        tables.schema().foreignKeysTo(table.name()).stream()
            .filter(other -> isTenants(other.table().table()))
            .map(other -> " AND NOT " + references(other, schema))
            .collect(Collectors.joining());
    return "SELECT %s FROM %s AS t WHERE true%s"
        .formatted(key, both.rowsOnTarget(table).sql(), references);
  }

  /** What follows the table itself tells nothing about it. */
  private boolean isTenants(String table) {
    Scoped scoped = tables.scoped().get(table);
    return scoped != null && scoped.isOneTenants() && !scoped.isWeak();
  }

  private static String references(ForeignKey key, String schema) {
    return "EXISTS (SELECT 1 FROM %s AS r WHERE %s)"
        .formatted(key.rows(schema).sql(), key.join(schema, "t", "r"));
  }

  private void ask(
      TenantTable table, String key, Exclusive rule, List<String> keys, Finding finding)
      throws SQLException {
    if (keys.isEmpty()) {
      return;
    }
    String uses =
        rule.uses().stream()
            .map((Use use) -> use.sql(table.name().schema(), "t", 1))
            .collect(Collectors.joining(" OR "));
    Sql.texts(
            both.source(),
            "SELECT %1$s FROM %2$s AS t WHERE %1$s = ANY (?) AND (%3$s)"
                .formatted(key, table.rows().sql(), uses),
            Sql.array("text", keys))
        .forEach(
            row ->
                finding.mismatch(
                    "%s: row %s is referenced by rows of other tenants alone"
                        .formatted(both.onTarget(table), row)));
  }
}
