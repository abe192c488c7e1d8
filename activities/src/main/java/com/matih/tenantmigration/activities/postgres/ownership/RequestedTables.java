package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.ExistingTables;
import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects;
import com.matih.tenantmigration.activities.postgres.catalog.SourceSchema;
import com.matih.tenantmigration.activities.postgres.catalog.SourceTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Refuses names of tables in the request that name nothing, or two things at once. */
final class RequestedTables {

  private RequestedTables() {}

  static void examine(PostgresSpec spec, TenantTables tables, PlanNotes findings) {
    SourceSchema schema = tables.schema();
    Set<TableName> elsewhere =
        spec.isolation() == Isolation.SCHEMA
            ? ExistingTables.elsewhere(spec, schema.name())
            : Set.of();
    for (TableName table : elsewhere) {
      if (!isKnown(table, tables.shared())) {
        findings.refuse(
            table,
            "is listed in the request and does not exist",
            "Correct the name: a table of another schema is written as schema.table.");
      }
    }
    List<String> own = new ArrayList<>(spec.referenceTables());
    elsewhere.forEach(table -> own.remove(table.toString()));
    requireExisting("referenceTables", own, schema, findings);
    requireExisting("excludeTables", spec.excludeTables(), schema, findings);
    requireExisting("copyUnderFence", spec.copyUnderFence(), schema, findings);
    for (String name : spec.referenceTables()) {
      SourceTable table = schema.tables().get(name);
      if (table == null) {
        continue;
      }
      if (spec.excludeTables().contains(name)) {
        findings.refuse(
            table.name(),
            "is listed in both referenceTables and excludeTables",
            "List it in one of them.");
      }
    }
  }

  /** One that cannot be copied is refused by what it is. */
  private static boolean isKnown(TableName table, SharedObjects shared) {
    return shared.tables().containsKey(table)
        || shared.obstacles().stream()
            .anyMatch(obstacle -> obstacle.described().endsWith(" " + table));
  }

  private static void requireExisting(
      String key, List<String> named, SourceSchema schema, PlanNotes findings) {
    for (String table : named) {
      if (!schema.tables().containsKey(table)) {
        findings.refuse(
            new TableName(schema.name(), table),
            "is listed in %s and does not exist".formatted(key),
            "Correct the name, or remove it from %s.".formatted(key));
      }
    }
  }
}
