package com.matih.tenantmigration.activities.postgres;

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
            name, "is named in both referenceTables and excludeTables", "Name it in one of them.");
      }
      String tenantColumn = spec.tenantColumn();
      if (spec.isolation() == PostgresSpec.Isolation.ROWS
          && tenantColumn != null
          && schema.tables().get(table).has(tenantColumn)) {
        findings.refuse(
            name,
            "is named in referenceTables but has the tenant column %s, so a whole copy would carry"
                    .formatted(tenantColumn)
                + " other tenants' rows",
            "Take it out of referenceTables.");
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
            "is named in %s and does not exist".formatted(key),
            "Correct the name, or take it out of %s.".formatted(key));
      }
    }
    return existing;
  }
}
