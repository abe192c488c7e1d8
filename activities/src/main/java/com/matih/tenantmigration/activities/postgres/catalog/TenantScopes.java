package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByColumn;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Way;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Decides for each table of a shared schema why its rows are the tenant's.
 *
 * <p>Tables with the tenant column come first. A table without it follows its foreign keys, in
 * rounds: in each round the tables whose foreign keys lead to a table of an earlier round are
 * settled, first along foreign keys that may not be NULL alone, then along the others. A foreign
 * key between two tables of the same round, or of a table to itself, decides nothing, and neither
 * does one to a reference table. Of the ways found,
 *
 * <ul>
 *   <li>one that may not be NULL decides by itself;
 *   <li>without such a one, a row is the tenant's if any way leads to the tenant.
 * </ul>
 *
 * <p>Several ways, or one that may be NULL, are safe only as long as the rows agree; the plan looks
 * whether they do.
 */
public final class TenantScopes {

  private final SourceSchema schema;
  private final String tenantColumn;
  private final String tenantKey;
  private final Set<String> referenceTables;
  private final Map<String, Scoped> scoped = new TreeMap<>();

  private TenantScopes(
      SourceSchema schema, String tenantColumn, String tenantKey, Set<String> referenceTables) {
    this.schema = schema;
    this.tenantColumn = tenantColumn;
    this.tenantKey = tenantKey;
    this.referenceTables = referenceTables;
  }

  /**
   * A settled table.
   *
   * @param ways all foreign keys that lead to the tenant, also those that decide nothing; empty
   *     where none was needed
   */
  public record Scoped(Scope scope, TenantPredicate rule, List<Way> ways) {

    public Scoped {
      ways = List.copyOf(ways);
    }

    /** Whether the data must be looked at before the rule can be trusted. */
    public boolean isDoubtful() {
      return ways.size() > 1 || ways.stream().anyMatch(way -> !way.key().mandatory());
    }
  }

  /** The settled tables by name; those that are missing cannot be reached from any tenant row. */
  static Map<String, Scoped> settle(
      SourceSchema schema,
      Set<String> moving,
      String tenantColumn,
      String tenantKey,
      Set<String> referenceTables) {
    TenantScopes scopes = new TenantScopes(schema, tenantColumn, tenantKey, referenceTables);
    scopes.settleByColumn(moving);
    while (scopes.settleRound(moving, ForeignKey::mandatory)
        || scopes.settleRound(moving, key -> true)) {
      // each round settles at least one table
    }
    return scopes.scoped;
  }

  private void settleByColumn(Set<String> moving) {
    for (String table : moving) {
      if (referenceTables.contains(table)) {
        scoped.put(table, new Scoped(Scope.REFERENCE, TenantPredicate.all(), List.of()));
      } else if (schema.tables().get(table).has(tenantColumn)) {
        scoped.put(
            table,
            new Scoped(Scope.TENANT_COLUMN, new ByColumn(tenantColumn, tenantKey), List.of()));
      }
    }
  }

  private boolean settleRound(Set<String> moving, Predicate<ForeignKey> useful) {
    Map<String, Scoped> round = new HashMap<>();
    for (String table : moving) {
      if (!scoped.containsKey(table)) {
        List<Way> ways = waysOf(schema.tables().get(table));
        if (ways.stream().anyMatch(way -> useful.test(way.key()))) {
          round.put(table, new Scoped(Scope.FOREIGN_KEY, ruleOf(ways), ways));
        }
      }
    }
    scoped.putAll(round);
    return !round.isEmpty();
  }

  private List<Way> waysOf(SourceTable table) {
    List<Way> ways = new ArrayList<>();
    for (ForeignKey key : schema.foreignKeysOf(table.name())) {
      Scoped parent =
          key.referenced().schema().equals(schema.name())
              ? scoped.get(key.referenced().table())
              : null;
      if (parent != null && parent.scope() != Scope.REFERENCE) {
        ways.add(new Way(key, parent.rule()));
      }
    }
    return ways;
  }

  private static TenantPredicate ruleOf(List<Way> ways) {
    Optional<Way> sure = ways.stream().filter(way -> way.key().mandatory()).findFirst();
    return new ByForeignKey(sure.map(List::of).orElse(ways));
  }
}
