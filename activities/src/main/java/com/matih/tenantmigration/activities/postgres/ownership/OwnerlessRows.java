package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByColumn;
import com.matih.tenantmigration.activities.postgres.catalog.TenantScopes.Rules;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.BoundedCount;
import com.matih.tenantmigration.activities.postgres.client.TimeLimit;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.PostgresSpec.NobodysRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Counts rows that are nobody's, since their tenant column or what leads to a tenant is NULL, and
 * what hangs on them; the request says what becomes of them.
 */
final class OwnerlessRows {

  private static final String GIVE = "give them a tenant, or set postgres.nobodysRows to %s";

  private OwnerlessRows() {}

  static void examine(
      Connection source,
      TenantTables tables,
      Iterable<TenantTable> readable,
      NobodysRows wanted,
      TimeLimit limit,
      PlanNotes findings)
      throws SQLException {
    for (TenantTable table : readable) {
      Rules rules = tables.scoped(table).rules();
      if (rules.mayHaveNobodys()) {
        Optional<Long> count = count(source, table, rules, limit);
        if (count.isEmpty()) {
          notCounted(table, rules, wanted, findings);
        } else if (count.get() > 0) {
          tell(table, rules, count.get(), wanted, findings);
        }
      }
    }
  }

  private static Optional<Long> count(
      Connection source, TenantTable table, Rules rules, TimeLimit limit) throws SQLException {
    String schema = table.name().schema();
    String sql =
        rules.tenants() instanceof ByColumn column
            // an index finds these
            ? "t.%s IS NULL".formatted(Identifiers.quote(column.column()))
            : "(%s) AND (%s) IS NOT TRUE"
                .formatted(rules.orNobodys().sql(schema, "t"), rules.tenants().sql(schema, "t"));
    return BoundedCount.of(
        source, limit, "SELECT count(*) FROM %s AS t WHERE %s".formatted(table.rows().sql(), sql));
  }

  private static void tell(
      TenantTable table, Rules rules, long count, NobodysRows wanted, PlanNotes findings) {
    String rows = Units.plural(count, "row");
    switch (wanted) {
      case REFUSE ->
          findings.refuse(
              table.name(),
              "has %s without a tenant: %s".formatted(rows, why(rules)),
              "Decide what becomes of such rows: " + GIVE.formatted("leave or carry") + ".");
      case LEAVE ->
          findings.leave(
              table.name(),
              count,
              "have no tenant: " + why(rules),
              capital(GIVE.formatted("carry")) + ".");
      case CARRY ->
          findings.warn(
              table.name(),
              "has %s without a tenant, to be moved along: %s. Others may change such rows meanwhile."
                  .formatted(rows, why(rules)));
    }
  }

  private static void notCounted(
      TenantTable table, Rules rules, NobodysRows wanted, PlanNotes findings) {
    switch (wanted) {
      case REFUSE, CARRY ->
          findings.warn(
              table.name(),
              "may have rows without a tenant (%s); they could not be counted within %d s."
                  .formatted(why(rules), BoundedCount.OF_PLAN.toSeconds()));
      case LEAVE ->
          findings.leaveUncounted(
              table.name(),
              "have no tenant: " + why(rules),
              capital(GIVE.formatted("carry")) + ".");
    }
  }

  private static String why(Rules rules) {
    return rules.tenants() instanceof ByColumn column
        ? "the tenant column %s is NULL".formatted(column.column())
        : "the column that leads to a tenant is NULL";
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
