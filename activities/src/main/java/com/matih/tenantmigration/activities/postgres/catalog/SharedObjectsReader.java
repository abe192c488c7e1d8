package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects.Item;
import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects.ObjectId;
import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects.Obstacle;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Follows the catalog's dependencies from a tenant's schema into others, and what is found there
 * further on, until nothing new is found.
 *
 * <p>What functions' texts call is not in the catalog. A function that a text calls by its bare
 * name is followed in {@code public} and in schemas of which something moves anyway, one with its
 * schema everywhere; it moves along only if all that it depends on can.
 */
final class SharedObjectsReader {

  /** Whatever it is, another tenant's schema has about the same tables. */
  private static final String OTHER_TENANTS =
      """
      SELECT n.nspname
        FROM pg_namespace n
       WHERE n.nspname = ANY (?) AND n.nspname <> 'public'
         AND EXISTS (SELECT 1 FROM pg_class c
                      WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p'))
         AND 2 * (SELECT count(*)
                    FROM pg_class o JOIN pg_namespace own ON own.oid = o.relnamespace
                    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = o.relname
                   WHERE own.nspname = ? AND o.relkind IN ('r', 'p') AND c.relkind IN ('r', 'p'))
             >= (SELECT count(*)
                   FROM pg_class o JOIN pg_namespace own ON own.oid = o.relnamespace
                  WHERE own.nspname = ? AND o.relkind IN ('r', 'p'))
      """;

  private final Connection source;
  private final String schema;
  private final DependencyWalk walk;

  private SharedObjectsReader(Connection source, String schema) {
    this.source = source;
    this.schema = schema;
    this.walk = new DependencyWalk(source, schema, MigrationNames.FENCE_SCHEMA);
  }

  /**
   * Finds what moves along.
   *
   * @param staying tables of the schema that stay behind
   * @param named tables of other schemas that the request names
   */
  static SharedObjects read(
      Connection source, String schema, List<String> staying, Set<TableName> named)
      throws SQLException {
    return new SharedObjectsReader(source, schema).read(staying, named);
  }

  private SharedObjects read(List<String> staying, Set<TableName> named) throws SQLException {
    Map<ObjectId, DependencyWalk.Node> found = new LinkedHashMap<>();
    walk.follow(walk.usedBySchema(staying), found);
    walk.follow(walk.named(named), found);
    Set<String> others = new TreeSet<>(otherTenants(schemasOf(found.values())));
    followTexts(found, others);
    return found.isEmpty() ? SharedObjects.NONE : describe(found, others);
  }

  /** Each function that a text names moves with all that it needs, or not at all. */
  private void followTexts(Map<ObjectId, DependencyWalk.Node> found, Set<String> others)
      throws SQLException {
    boolean grown = true;
    while (grown) {
      grown = false;
      for (DependencyWalk.Node told : walk.toldByTexts(found.keySet(), schemasOf(found.values()))) {
        if (found.containsKey(told.id())) {
          continue;
        }
        Map<ObjectId, DependencyWalk.Node> with = new LinkedHashMap<>(found);
        walk.follow(List.of(told), with);
        with.keySet().removeAll(found.keySet());
        others.addAll(otherTenants(schemasOf(with.values())));
        if (with.values().stream().allMatch(node -> isDefinition(node, others))) {
          found.putAll(with);
          grown = true;
        }
      }
    }
  }

  private static boolean isDefinition(DependencyWalk.Node node, Set<String> others) {
    return obstacle(node, others).isEmpty() && !node.isTable();
  }

  private SharedObjects describe(Map<ObjectId, DependencyWalk.Node> found, Set<String> others)
      throws SQLException {
    List<Item> items = new ArrayList<>();
    List<Obstacle> obstacles = new ArrayList<>();
    Map<TableName, SourceTable> tables =
        new TreeMap<>(java.util.Comparator.comparing(TableName::toString));
    List<ForeignKey> keys = new ArrayList<>();
    Map<String, SourceSchema> schemas = new TreeMap<>();
    for (DependencyWalk.Node node : found.values()) {
      Optional<String> obstacle = obstacle(node, others);
      if (node.isTable() && obstacle.isEmpty()) {
        if (!schemas.containsKey(node.schema())) {
          schemas.put(node.schema(), SourceSchema.read(source, node.schema()));
        }
        obstacle = addTable(node, schemas.get(node.schema()), tables, keys);
      }
      if (node.isPart()) {
        continue;
      }
      if (obstacle.isPresent()) {
        obstacles.add(new Obstacle(node.described(), node.user(), obstacle.get()));
      } else {
        items.add(new Item(node.schema(), node.type(), node.identity(), node.user()));
      }
    }
    return new SharedObjects(found.keySet(), items, tables, keys, obstacles);
  }

  /** Why the rows of a table cannot be copied as those of one; a partition comes with its table. */
  private static Optional<String> addTable(
      DependencyWalk.Node node,
      SourceSchema schema,
      Map<TableName, SourceTable> tables,
      List<ForeignKey> keys) {
    SourceTable table = schema.tables().get(node.name());
    if (table == null) {
      return Optional.empty();
    }
    // what other tenants' schemas inherit from it is theirs
    if (!table.kind().isCopyable() && table.kind() != SourceTable.Kind.INHERITED_ELSEWHERE) {
      return Optional.of("its rows cannot be copied as those of one table");
    }
    tables.put(table.name(), table);
    keys.addAll(schema.foreignKeysOf(table.name()));
    return Optional.empty();
  }

  private static Optional<String> obstacle(DependencyWalk.Node node, Set<String> others) {
    if (others.contains(node.schema())) {
      return Optional.of(
          "the schema %s has the same tables and seems to be another tenant's"
              .formatted(node.schema()));
    }
    return switch (node.kind()) {
      case "m" -> Optional.of("a materialized view holds rows computed from all tenants' data");
      case "f" -> Optional.of("the rows of a foreign table are on another server");
      default -> Optional.empty();
    };
  }

  private List<String> otherTenants(Collection<String> schemas) throws SQLException {
    return schemas.isEmpty()
        ? List.of()
        : Sql.texts(source, OTHER_TENANTS, Sql.array("name", schemas), schema, schema);
  }

  private static Set<String> schemasOf(Collection<DependencyWalk.Node> nodes) {
    return nodes.stream()
        .map(DependencyWalk.Node::schema)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
