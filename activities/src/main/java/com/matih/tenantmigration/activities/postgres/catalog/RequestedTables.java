package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tables that the request names, as far as they exist in the source's schema.
 *
 * @param references copied whole
 * @param excluded left behind
 */
record RequestedTables(Set<String> references, Set<String> excluded) {

  /** Resolves the request's names, which are bare; refuses those that name nothing. */
  static RequestedTables resolve(PostgresSpec spec, SourceSchema schema, CatalogFindings findings) {
    Set<String> references = existing("referenceTables", spec.referenceTables(), schema, findings);
    Set<String> excluded = existing("excludeTables", spec.excludeTables(), schema, findings);
    for (String table : references) {
      TableName name = schema.tables().get(table).name();
      if (excluded.contains(table)) {
        findings.refuse(
            name, "is listed in both referenceTables and excludeTables", "List it in one of them.");
      }
      String tenantColumn = spec.tenantColumn();
      if (spec.isolation() == PostgresSpec.Isolation.ROWS
          && tenantColumn != null
          && schema.tables().get(table).has(tenantColumn)) {
        findings.refuse(
            name,
            ("is listed in referenceTables but has the tenant column %s, so copying"
                    + " all rows would include other tenants' rows")
                .formatted(tenantColumn),
            "Remove it from referenceTables.");
      }
    }
    return new RequestedTables(references, excluded);
  }

  private static Set<String> existing(
      String key, List<String> named, SourceSchema schema, CatalogFindings findings) {
    Set<String> existing = new TreeSet<>();
    for (String table : named) {
      if (schema.tables().containsKey(table)) {
        existing.add(table);
      } else {
        findings.refuse(
            new TableName(schema.name(), table),
            "is listed in %s and does not exist".formatted(key),
            "Correct the name, or remove it from %s.".formatted(key));
      }
    }
    return existing;
  }
}
