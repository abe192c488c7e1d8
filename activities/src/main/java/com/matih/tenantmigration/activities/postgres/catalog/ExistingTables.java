package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.util.ArrayList;
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
    List<String> shared = new ArrayList<>(spec.referenceTables());
    spec.tables().entrySet().stream()
        .filter(entry -> entry.getValue().isShared())
        .forEach(entry -> shared.add(entry.getKey()));
    return new ExistingTables(existing(shared, schema), existing(spec.excludeTables(), schema));
  }

  private static Set<String> existing(List<String> named, SourceSchema schema) {
    Set<String> existing = new TreeSet<>(named);
    existing.retainAll(schema.tables().keySet());
    return existing;
  }
}
