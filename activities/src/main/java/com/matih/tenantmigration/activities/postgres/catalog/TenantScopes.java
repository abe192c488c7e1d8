package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByColumn;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByCondition;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Exclusive;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Use;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Way;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable.Scope;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Decides for each table of a shared schema why its rows are the tenant's.
 *
 * <p>Tables for which the request has a rule come first, and those with the tenant column. A table
 * without either follows its foreign keys, in rounds: in each round the tables whose foreign keys
 * lead to a table of an earlier round are settled, first along foreign keys that may not be NULL
 * alone, then along the others. A foreign key between two tables of the same round, or of a table
 * to itself, decides nothing, and neither does one to a reference table. Of the ways found,
 *
 * <ul>
 *   <li>one that may not be NULL decides by itself;
 *   <li>without such a one, a row is the tenant's if any way leads to the tenant.
 * </ul>
 *
 * <p>Several ways, or one that may be NULL, are safe only as long as the rows agree; the plan looks
 * whether they do. A way to a table whose rows a condition of the request picks decides last of
 * all: people, say, who work for two tenants tell nothing about whose their comments are.
 */
public final class TenantScopes {

  private final SourceSchema schema;
  private final Ownership ownership;
  private final Map<String, Scoped> scoped = new TreeMap<>();

  private TenantScopes(SourceSchema schema, Ownership ownership) {
    this.schema = schema;
    this.ownership = ownership;
  }

  /**
   * The rules by which rows of a table are the tenant's.
   *
   * @param own picks rows that are the tenant's alone, which the fence guards
   * @param tenants picks all that are the tenant's
   * @param orNobodys picks nobody's rows, and what hangs on them, as well
   */
  public record Rules(TenantPredicate own, TenantPredicate tenants, TenantPredicate orNobodys) {

    static Rules all() {
      return same(TenantPredicate.all());
    }

    static Rules same(TenantPredicate rule) {
      return new Rules(rule, rule, rule);
    }

    /** Whether the table's form lets rows be nobody's. */
    public boolean mayHaveNobodys() {
      return !tenants.equals(orNobodys);
    }
  }

  /**
   * A settled table.
   *
   * @param ways all foreign keys that lead to the tenant, also those that decide nothing; empty
   *     where none was needed
   * @param isWeak whether a condition of the request is what tells its rows
   */
  public record Scoped(Scope scope, Rules rules, List<Way> ways, boolean isWeak) {

    /** A table that is copied whole. */
    static final Scoped REFERENCE = new Scoped(Scope.REFERENCE, Rules.all(), List.of(), false);

    public Scoped {
      ways = List.copyOf(ways);
    }

    /** Whether its rows are tenants', each one's of one or some of them. */
    public boolean isOneTenants() {
      return scope != Scope.REFERENCE;
    }

    /** Whether the data must be looked at before the rule can be trusted. */
    public boolean isDoubtful() {
      return ways.size() > 1 || ways.stream().anyMatch(way -> !way.key().mandatory());
    }
  }

  /** The settled tables by name; those that are missing cannot be reached from any tenant row. */
  public static Map<String, Scoped> settle(
      SourceSchema schema, Set<String> moving, Ownership ownership) {
    TenantScopes scopes = new TenantScopes(schema, ownership);
    scopes.settleByThemselves(moving);
    while (scopes.settleOwners(moving)
        || scopes.settleRound(moving, way -> !way.isWeak() && way.key().mandatory())
        || scopes.settleRound(moving, way -> !way.isWeak())
        || scopes.settleRound(moving, way -> true)) {
      // each round settles at least one table
    }
    return scopes.scoped;
  }

  private void settleByThemselves(Set<String> moving) {
    ConditionDepths depths = new ConditionDepths(ownership.rules(), moving);
    for (String table : moving) {
      Optional<TableRule> rule = ownership.rule(table);
      Optional<String> column = ownership.columnOf(schema.tables().get(table));
      if (ownership.shared().contains(table)) {
        scoped.put(table, Scoped.REFERENCE);
      } else if (column.isPresent()) {
        scoped.put(table, byColumn(table, column.get()));
      } else if (rule.isPresent() && rule.get().where() != null) {
        scoped.put(
            table,
            byCondition(table, Objects.requireNonNull(rule.get().where()), depths.of(table)));
      }
    }
  }

  private Scoped byColumn(String table, String column) {
    boolean mayBeNull =
        !schema.tables().get(table).column(column).map(SourceTable.Column::notNull).orElse(false);
    TenantPredicate rule = new ByColumn(column, ownership.tenantKey(), false);
    TenantPredicate orNobodys =
        mayBeNull ? new ByColumn(column, ownership.tenantKey(), true) : rule;
    return new Scoped(Scope.TENANT_COLUMN, new Rules(rule, rule, orNobodys), List.of(), false);
  }

  private Scoped byCondition(String table, String where, int depth) {
    TenantPredicate rule =
        new ByCondition(schema.tables().get(table).name(), where, ownership.tenantKey(), depth);
    List<Use> uses = usesOf(table);
    TenantPredicate own = uses.isEmpty() ? rule : new Exclusive(rule, uses);
    return new Scoped(Scope.CONDITION, new Rules(own, rule, rule), List.of(), true);
  }

  /** By which foreign keys rows of tables with a tenant column use the table's rows. */
  private List<Use> usesOf(String table) {
    List<Use> uses = new ArrayList<>();
    for (ForeignKey key : schema.foreignKeysTo(schema.tables().get(table).name())) {
      // a partition's own foreign key is no table's of the schema
      Optional.ofNullable(schema.tables().get(key.table().table()))
          .flatMap(ownership::columnOf)
          .ifPresent(column -> uses.add(new Use(key, column, ownership.tenantKey())));
    }
    return uses;
  }

  /** Settles the tables whose rule names a foreign key to a table that is settled. */
  private boolean settleOwners(Set<String> moving) {
    Map<String, Scoped> round = new HashMap<>();
    for (String table : moving) {
      List<String> owner = ownership.rule(table).map(TableRule::owner).orElse(List.of());
      if (!scoped.containsKey(table) && !owner.isEmpty()) {
        candidates(table).stream()
            .filter(candidate -> candidate.key().isOf(owner))
            .findFirst()
            .ifPresent(candidate -> round.put(table, byKeys(List.of(candidate), List.of())));
      }
    }
    scoped.putAll(round);
    return !round.isEmpty();
  }

  private boolean settleRound(Set<String> moving, Predicate<Candidate> useful) {
    Map<String, Scoped> round = new HashMap<>();
    for (String table : moving) {
      if (!scoped.containsKey(table) && ownership.rule(table).isEmpty()) {
        List<Candidate> all = candidates(table);
        if (all.stream().anyMatch(useful)) {
          List<Candidate> strong = all.stream().filter(way -> !way.isWeak()).toList();
          List<Candidate> ways = strong.isEmpty() ? all : strong;
          Optional<Candidate> sure = ways.stream().filter(way -> way.key().mandatory()).findFirst();
          round.put(table, byKeys(sure.map(List::of).orElse(ways), ways));
        }
      }
    }
    scoped.putAll(round);
    return !round.isEmpty();
  }

  /** A foreign key to a settled table. */
  private record Candidate(ForeignKey key, Scoped parent) {

    boolean isWeak() {
      return parent.isWeak();
    }

    Way way(Function<Rules, TenantPredicate> rule) {
      return new Way(key, rule.apply(parent.rules()));
    }
  }

  private List<Candidate> candidates(String table) {
    List<Candidate> candidates = new ArrayList<>();
    for (ForeignKey key : schema.foreignKeysOf(schema.tables().get(table).name())) {
      Scoped parent =
          key.referenced().schema().equals(schema.name())
              ? scoped.get(key.referenced().table())
              : null;
      if (parent != null && parent.scope() != Scope.REFERENCE) {
        candidates.add(new Candidate(key, parent));
      }
    }
    return candidates;
  }

  private static Scoped byKeys(List<Candidate> deciding, List<Candidate> all) {
    boolean mayBeNobodys = deciding.stream().noneMatch(way -> way.key().mandatory());
    return new Scoped(
        Scope.FOREIGN_KEY,
        new Rules(
            rule(deciding, Rules::own, false),
            rule(deciding, Rules::tenants, false),
            rule(deciding, Rules::orNobodys, mayBeNobodys)),
        all.stream().map(way -> way.way(Rules::tenants)).toList(),
        deciding.stream().anyMatch(Candidate::isWeak));
  }

  private static TenantPredicate rule(
      List<Candidate> deciding, Function<Rules, TenantPredicate> rule, boolean orNobodys) {
    return new ByForeignKey(deciding.stream().map(way -> way.way(rule)).toList(), orNobodys);
  }
}
