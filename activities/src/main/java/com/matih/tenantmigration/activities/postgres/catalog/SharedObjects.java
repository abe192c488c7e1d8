package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.TableName;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What lies in schemas that tenants share and moves along with a tenant's own schema, because that
 * depends on it: types, functions and the like as definitions, tables with all their rows.
 *
 * @param objects all of it, with constraints, indexes and other parts
 * @param items what people know of it, without such parts
 * @param tables by name, those that are copied whole
 * @param foreignKeys of these tables
 * @param obstacles what the tenant's schema depends on and cannot move
 */
public record SharedObjects(
    Set<ObjectId> objects,
    List<Item> items,
    Map<TableName, SourceTable> tables,
    List<ForeignKey> foreignKeys,
    List<Obstacle> obstacles) {

  public static final SharedObjects NONE =
      new SharedObjects(Set.of(), List.of(), Map.of(), List.of(), List.of());

  public SharedObjects {
    objects = Set.copyOf(objects);
    items = List.copyOf(items);
    tables = Collections.unmodifiableMap(tables);
    foreignKeys = List.copyOf(foreignKeys);
    obstacles = List.copyOf(obstacles);
  }

  /** An object by the oid of its catalog and its own. */
  public record ObjectId(long catalog, long object) {}

  /**
   * An object that moves along.
   *
   * @param kind such as {@code type}
   * @param identity its name as SQL quotes it, a function's with its arguments' types
   * @param user what depends on it, by kind and full name
   */
  public record Item(String schema, String kind, String identity, String user) {

    /** Such as {@code type plan}. */
    public String described() {
      return kind + " " + identity.replace("pg_catalog.", "");
    }

    /** The name without quotes and arguments. */
    String name() {
      return identity.replaceFirst("\\(.*", "").replace("\"", "");
    }
  }

  /**
   * An object that cannot move along.
   *
   * @param described with its schema, such as {@code materialized view public.totals}
   * @param user what depends on it, by kind and full name
   */
  public record Obstacle(String described, String user, String reason) {}

  /** The schemas in which it lies. */
  public Set<String> schemas() {
    Set<String> schemas = new TreeSet<>();
    items.forEach(item -> schemas.add(item.schema()));
    return schemas;
  }

  /** The numbers of the objects of all catalogs, in the same order as {@link #numbers}. */
  static List<Long> catalogs(Collection<ObjectId> ids) {
    return ids.stream().map(ObjectId::catalog).toList();
  }

  static List<Long> numbers(Collection<ObjectId> ids) {
    return ids.stream().map(ObjectId::object).toList();
  }
}
