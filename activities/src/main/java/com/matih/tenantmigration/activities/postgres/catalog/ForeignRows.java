package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Leading;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Way;
import com.matih.tenantmigration.activities.postgres.client.BoundedCount;
import com.matih.tenantmigration.activities.postgres.client.TimeLimit;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows that move and reference a row that does not: another tenant's, nobody's, or none at
 * all where a foreign key that claims to be valid is not. One anti-join a key.
 *
 * <p>A foreign key that is not validated may be broken, and moves as it is.
 */
public final class ForeignRows {

  /** A chain of references between rows that all stay behind is followed as far. */
  private static final int LONGEST_CHAIN = 20;

  private final Connection source;
  private final SourceSchema schema;
  private final SharedObjects shared;
  private final TimeLimit limit;

  /**
   * A look.
   *
   * @param shared what moves along from other schemas
   * @param limit how long the counts may take
   */
  public ForeignRows(
      Connection source, SourceSchema schema, SharedObjects shared, TimeLimit limit) {
    this.source = source;
    this.schema = schema;
    this.shared = shared;
    this.limit = limit;
  }

  /**
   * How many rows break a key.
   *
   * @param count how many moving rows reference one that does not move; empty where that took too
   *     long
   */
  public record Broken(ForeignKey key, Optional<Long> count) {}

  /** The keys that rows break, and those that could not be counted. */
  public List<Broken> find(Map<String, TenantPredicate> moving) throws SQLException {
    return find(moving, moving.keySet());
  }

  private List<Broken> find(Map<String, TenantPredicate> moving, Set<String> changed)
      throws SQLException {
    List<Broken> broken = new ArrayList<>();
    List<ForeignKey> keys = new ArrayList<>(schema.foreignKeys());
    keys.addAll(shared.foreignKeys());
    for (ForeignKey key : keys) {
      TableName referenced = schema.root(key.referenced());
      TenantPredicate child = rule(moving, schema.root(key.table()));
      TenantPredicate parent = rule(moving, referenced);
      if (key.validated()
          && child != null
          && parent != null
          && (changed.contains(referenced.table()) || !referenced.schema().equals(schema.name()))
          && !(child instanceof ByForeignKey rule
              && !rule.orNobodys()
              && rule.ways().equals(List.of(new Way(key, parent))))) {
        Optional<Long> count = BoundedCount.of(source, limit, count(key, child, parent));
        if (count.isEmpty() || count.get() > 0) {
          broken.add(new Broken(key, count));
        }
      }
    }
    return broken;
  }

  /** By which rule a table's rows move; null for a table that does not. */
  private @Nullable TenantPredicate rule(Map<String, TenantPredicate> moving, TableName table) {
    if (table.schema().equals(schema.name())) {
      return moving.get(table.table());
    }
    return shared.tables().containsKey(table) ? TenantPredicate.all() : null;
  }

  private static String count(ForeignKey key, TenantPredicate child, TenantPredicate parent) {
    return "SELECT count(*) FROM %s AS t WHERE %s"
        .formatted(key.rows(key.table().schema()).sql(), condition(key, child, parent));
  }

  /** SQL that is true for moving rows whose key leads to no row of such a rule. */
  public static String condition(ForeignKey key, TenantPredicate child, TenantPredicate parent) {
    String schema = key.table().schema();
    return "(%s) AND %s AND NOT %s"
        .formatted(
            child.sql(schema, "t"), key.isSet("t"), new Way(key, parent).sql(schema, "t", 1));
  }

  /**
   * Leaves the rows behind that reference a row which does not move, and what references those.
   *
   * @param moving by which rule each table's rows would move else
   * @return by which rule they move; what still references a row that stays is found by {@link
   *     #find}
   */
  Map<String, TenantPredicate> leave(Map<String, TenantPredicate> moving) throws SQLException {
    Map<String, TenantPredicate> now = new HashMap<>(moving);
    Set<String> changed = moving.keySet();
    for (int i = 0; i < LONGEST_CHAIN && !changed.isEmpty(); i++) {
      Map<String, TenantPredicate> next = new HashMap<>(now);
      Set<String> narrowed = new HashSet<>();
      for (Broken broken : find(now, changed)) {
        if (isOfPartition(broken.key())) {
          continue; // such a rule would have to tell the partitions of a table from one another
        }
        TableName table = broken.key().table();
        Way way = new Way(broken.key(), predicate(now, broken.key().referenced()));
        next.put(table.table(), with(predicate(next, table), way));
        narrowed.add(table.table());
      }
      now = next;
      changed = narrowed;
    }
    return now;
  }

  private boolean isOfPartition(ForeignKey key) {
    return schema.roots().containsKey(key.table()) || schema.roots().containsKey(key.referenced());
  }

  private static TenantPredicate predicate(Map<String, TenantPredicate> rules, TableName table) {
    TenantPredicate rule = rules.get(table.table());
    if (rule == null) {
      throw new IllegalStateException("no rule for " + table);
    }
    return rule;
  }

  /** A later look at the same key replaces an earlier one: its parent's rule became narrower. */
  private static TenantPredicate with(TenantPredicate rule, Way way) {
    if (!(rule instanceof Leading leading)) {
      return new Leading(rule, List.of(way));
    }
    List<Way> ways = new ArrayList<>(leading.ways());
    ways.removeIf(known -> known.key().equals(way.key()));
    ways.add(way);
    return new Leading(leading.rule(), ways);
  }
}
