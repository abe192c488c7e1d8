package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.Ownership;
import com.matih.tenantmigration.activities.postgres.catalog.SharedTables;
import com.matih.tenantmigration.activities.postgres.catalog.SourceSchema;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.ownership.Proposals.Proposal;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Refuses tables of which it is not known whose their rows are, and those that would be copied
 * whole although rows of tenants are in them; proposes a rule for each.
 */
final class OwnerJudge {

  private static final String SHARE =
      " Write `%s` instead if every tenant may have all of its rows.";

  private final Connection source;
  private final TenantTables tables;
  private final Set<String> unreachable;
  private final boolean areRulesSafe;
  private final Ownership ownership;
  private final PlanNotes findings;

  /**
   * A judge.
   *
   * @param unreachable tables that could be moved if it were known whose their rows are
   * @param areRulesSafe whether SQL that holds conditions of the request may be used
   */
  OwnerJudge(
      Connection source,
      TenantTables tables,
      Set<String> unreachable,
      boolean areRulesSafe,
      Ownership ownership,
      PlanNotes findings) {
    this.source = source;
    this.tables = tables;
    this.unreachable = unreachable;
    this.areRulesSafe = areRulesSafe;
    this.ownership = ownership;
    this.findings = findings;
  }

  void examine() throws SQLException {
    SourceSchema schema = tables.schema();
    SharedTables shared = new SharedTables(source, schema, ownership);
    Map<String, String> tenants = new TreeMap<>(shared.tenants());
    tenants.keySet().retainAll(tables.scoped().keySet());
    Set<String> moving = new TreeSet<>(tables.scoped().keySet());
    moving.addAll(unreachable);
    Proposals.Found found =
        areRulesSafe
            ? Proposals.find(source, schema, moving, ownership.withoutShared(tenants.keySet()))
            : new Proposals.Found(Map.of(), Set.of());
    found.rules().forEach((table, rule) -> findings.propose(RequestSql.line(table, rule.rule())));
    for (String table : unreachable) {
      refuseUnreachable(table, found);
    }
    tenants.forEach((table, reason) -> refuseShared(table, reason, found));
    new OthersRows(source, schema, ownership, shared).warn(tenants.keySet(), findings);
  }

  private void refuseUnreachable(String table, Proposals.Found found) {
    Proposal proposal = found.rules().get(table);
    if (proposal == null && (found.settled().contains(table) || isRuled(table))) {
      // follows the others by its foreign keys once these are decided; or its rule is refused
      return;
    }
    findings.refuse(
        new TableName(tables.schema().name(), table),
        "has neither the tenant column %s nor a foreign key that leads to a table with it"
            .formatted(ownership.tenantColumn()),
        proposal == null
            ? "Say in postgres.tables which of its rows are the tenant's, list it in referenceTables"
                + " to copy all its rows, or in excludeTables to leave it out."
            : add(table, proposal) + SHARE.formatted(RequestSql.line(table, TableRule.shared())));
  }

  private boolean isRuled(String table) {
    return ownership.rules().containsKey(table);
  }

  private static String add(String table, Proposal proposal) {
    return "Add `%s` to postgres.tables: then %s."
        .formatted(RequestSql.line(table, proposal.rule()), proposal.effect());
  }

  private void refuseShared(String table, String reason, Proposals.Found found) {
    Proposal proposal = found.rules().get(table);
    findings.refuse(
        new TableName(tables.schema().name(), table),
        "is listed in referenceTables, but " + reason,
        "Remove it from referenceTables. "
            + (proposal == null
                ? "Its columns and foreign keys tell which of its rows are the tenant's; if not, say"
                    + " it in postgres.tables."
                : add(table, proposal))
            + SHARE.formatted(RequestSql.line(table, TableRule.shared())));
  }
}
