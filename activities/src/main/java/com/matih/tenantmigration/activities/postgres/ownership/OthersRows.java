package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.ForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.Ownership;
import com.matih.tenantmigration.activities.postgres.catalog.SharedTables;
import com.matih.tenantmigration.activities.postgres.catalog.SourceSchema;
import com.matih.tenantmigration.activities.postgres.catalog.SourceTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Use;
import com.matih.tenantmigration.activities.postgres.client.BoundedCount;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Warns of rows of tables that are copied whole, which only other tenants' rows reference. */
final class OthersRows {

  private final Connection source;
  private final SourceSchema schema;
  private final Ownership ownership;
  private final SharedTables shared;

  OthersRows(Connection source, SourceSchema schema, Ownership ownership, SharedTables shared) {
    this.source = source;
    this.schema = schema;
    this.ownership = ownership;
    this.shared = shared;
  }

  /**
   * Warns.
   *
   * @param refused tables that are refused anyway
   */
  void warn(Set<String> refused, PlanNotes findings) throws SQLException {
    for (String name : shared.unconfirmed()) {
      if (refused.contains(name)) {
        continue;
      }
      SourceTable table = schema.tables().get(name);
      List<Use> uses = new ArrayList<>();
      for (ForeignKey key : shared.users(table)) {
        Optional.ofNullable(schema.tables().get(key.table().table()))
            .flatMap(ownership::columnOf)
            .ifPresent(column -> uses.add(new Use(key, column, ownership.tenantKey())));
      }
      if (uses.isEmpty()) {
        continue;
      }
      BoundedCount.ask(
              source, BoundedCount.OF_PLAN, connection -> onlyOthers(connection, table, uses))
          .filter(count -> count > 0)
          .ifPresent(
              count ->
                  findings.warn(
                      table.name(),
                      ("is copied with all rows, including %s that only other tenants' rows"
                              + " reference. Write `%s` into postgres.tables if every tenant may"
                              + " have all of its rows, or a where that selects the tenant's.")
                          .formatted(
                              Units.plural(count, "row"),
                              RequestSql.line(name, TableRule.shared()))));
    }
  }

  private Long onlyOthers(Connection connection, SourceTable table, List<Use> uses)
      throws SQLException {
    String others =
        uses.stream()
            .map(use -> use.sql(schema.name(), "t", 1))
            .collect(Collectors.joining(" OR "));
    String ours =
        uses.stream()
            .map(use -> use.ownSql(schema.name(), "t"))
            .collect(Collectors.joining(" OR "));
    return Sql.number(
        connection,
        "SELECT count(*) FROM %s AS t WHERE (%s) AND NOT (%s)"
            .formatted(table.rows().sql(), others, ours));
  }
}
