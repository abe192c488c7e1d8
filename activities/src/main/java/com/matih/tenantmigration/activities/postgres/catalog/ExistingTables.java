package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tables that the request names, as far as they exist in the source's schema.
 *
 * @param references copied whole
 * @param excluded left behind
 * @param underFence copied once the tenant is read-only, and not followed before
 */
public record ExistingTables(Set<String> references, Set<String> excluded, Set<String> underFence) {

  public ExistingTables {
    references = Set.copyOf(references);
    excluded = Set.copyOf(excluded);
    underFence = Set.copyOf(underFence);
  }

  static ExistingTables of(PostgresSpec spec, SourceSchema schema) {
    return new ExistingTables(
        existing(shared(spec), schema),
        existing(spec.excludeTables(), schema),
        existing(spec.copyUnderFence(), schema));
  }

  /**
   * The tables of other schemas that a request names, as {@code schema.table}; for a tenant with a
   * schema of its own.
   */
  public static Set<TableName> elsewhere(PostgresSpec spec, String schema) {
    Set<TableName> tables = new LinkedHashSet<>();
    for (String name : shared(spec)) {
      int dot = name.indexOf('.');
      if (dot > 0 && dot < name.length() - 1 && !name.substring(0, dot).equals(schema)) {
        tables.add(new TableName(name.substring(0, dot), name.substring(dot + 1)));
      }
    }
    return tables;
  }

  private static List<String> shared(PostgresSpec spec) {
    List<String> shared = new ArrayList<>(spec.referenceTables());
    spec.tables().entrySet().stream()
        .filter(entry -> entry.getValue().isShared())
        .forEach(entry -> shared.add(entry.getKey()));
    return shared;
  }

  private static Set<String> existing(List<String> named, SourceSchema schema) {
    Set<String> existing = new TreeSet<>(named);
    existing.retainAll(schema.tables().keySet());
    return existing;
  }
}
