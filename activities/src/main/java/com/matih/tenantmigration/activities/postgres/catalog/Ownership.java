package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the request says about whose rows are whose.
 *
 * @param tenantColumn the column that marks the tenant's rows, unless a table has a rule of its own
 * @param shared the tables that are copied whole
 * @param rules by the table's name, rules of single tables
 */
public record Ownership(
    String tenantColumn, String tenantKey, Set<String> shared, Map<String, TableRule> rules) {

  public Ownership {
    shared = Set.copyOf(shared);
    rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
  }

  /** What a request says; empty where it names no tenant column. */
  public static Optional<Ownership> of(PostgresSpec spec, String tenantKey) {
    @Nullable String tenantColumn = spec.tenantColumn();
    if (tenantColumn == null) {
      return Optional.empty();
    }
    Set<String> shared = new TreeSet<>(spec.referenceTables());
    spec.tables()
        .forEach(
            (table, rule) -> {
              if (rule.isShared()) {
                shared.add(table);
              }
            });
    return Optional.of(new Ownership(tenantColumn, tenantKey, shared, spec.tables()));
  }

  /** The same where so many of the shared tables are not. */
  public Ownership withoutShared(Set<String> others) {
    Set<String> left = new TreeSet<>(shared);
    left.removeAll(others);
    return new Ownership(tenantColumn, tenantKey, left, rules);
  }

  /** The same with one more rule. */
  public Ownership with(String table, TableRule rule) {
    Map<String, TableRule> more = new LinkedHashMap<>(rules);
    more.put(table, rule);
    return new Ownership(tenantColumn, tenantKey, shared, more);
  }

  Optional<TableRule> rule(String table) {
    return Optional.ofNullable(rules.get(table));
  }

  /** The column of a table that holds the tenant's key, as far as columns tell. */
  public Optional<String> columnOf(SourceTable table) {
    String name = table.name().table();
    TableRule rule = rules.get(name);
    if (rule != null) {
      return Optional.ofNullable(rule.tenantColumn()).filter(table::has);
    }
    return !shared.contains(name) && table.has(tenantColumn)
        ? Optional.of(tenantColumn)
        : Optional.empty();
  }

  /** The column of a table that another table's tenant column references. */
  public Optional<String> columnReferencedIn(SourceSchema schema, SourceTable table) {
    for (ForeignKey key : schema.foreignKeysTo(table.name())) {
      Optional<String> column =
          Optional.ofNullable(schema.tables().get(key.table().table())).flatMap(this::columnOf);
      int place = column.map(key.columns()::indexOf).orElse(-1);
      if (place >= 0 && !key.table().equals(table.name())) {
        return Optional.of(key.referencedColumns().get(place));
      }
    }
    return Optional.empty();
  }
}
