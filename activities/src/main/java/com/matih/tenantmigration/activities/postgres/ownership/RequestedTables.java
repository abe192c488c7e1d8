package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.SourceSchema;
import com.matih.tenantmigration.activities.postgres.catalog.SourceTable;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.util.List;

/** Refuses names of tables in the request that name nothing, or two things at once. */
final class RequestedTables {

  private RequestedTables() {}

  static void examine(PostgresSpec spec, SourceSchema schema, PlanNotes findings) {
    requireExisting("referenceTables", spec.referenceTables(), schema, findings);
    requireExisting("excludeTables", spec.excludeTables(), schema, findings);
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
