package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.Warning;
import java.util.List;
import java.util.Map;

/**
 * The tables that move, and what stands in their way.
 *
 * @param tables in the order of their names; those that cannot be moved are left out
 * @param rules by which rule each table's rows are the tenant's, for use on either side
 * @param refusals why the migration cannot begin; empty where it can
 * @param warnings what an operator should know, though it may begin
 */
public record TenantTables(
    List<TenantTable> tables,
    Map<TableName, TenantPredicate> rules,
    List<Refusal> refusals,
    List<Warning> warnings) {

  public TenantTables {
    tables = List.copyOf(tables);
    rules = Map.copyOf(rules);
    refusals = List.copyOf(refusals);
    warnings = List.copyOf(warnings);
  }

  /**
   * The tables, for whoever works on them after the plan.
   *
   * @throws MigrationException of type NOT_MOVABLE where the source has changed since the plan so
   *     that it can no longer be moved, naming each object
   */
  public List<TenantTable> requireMovable() {
    if (refusals.isEmpty()) {
      return tables;
    }
    StringBuilder message = new StringBuilder("The source can no longer be migrated:");
    for (Refusal refusal : refusals) {
      message.append(" %s: %s.".formatted(refusal.object(), refusal.reason()));
    }
    throw new MigrationException(
        FailureType.NOT_MOVABLE, message.append(" Fix this and start again.").toString());
  }
}
