package com.matih.tenantmigration.activities.postgres.catalog;

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
public record ExistingTables(Set<String> references, Set<String> excluded) {

  public ExistingTables {
    references = Set.copyOf(references);
    excluded = Set.copyOf(excluded);
  }

  static ExistingTables of(PostgresSpec spec, SourceSchema schema) {
    return new ExistingTables(
        existing(spec.referenceTables(), schema), existing(spec.excludeTables(), schema));
  }

  private static Set<String> existing(List<String> named, SourceSchema schema) {
    Set<String> existing = new TreeSet<>(named);
    existing.retainAll(schema.tables().keySet());
    return existing;
  }
}
